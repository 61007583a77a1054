// Implements check_regex() of lint_context.hpp: problems that only regular expressions have.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace headwater::attribution::linting {
namespace {

/// Whether so many hosts contain it that it selects nothing.
bool is_broad(std::string_view literal) {
  constexpr std::array<std::string_view, 4> common{"www", "com", "net", "org"};
  auto text = literal;
  while (text.starts_with('.'))
    text.remove_prefix(1);
  while (text.ends_with('.'))
    text.remove_suffix(1);
  return text.size() < 3 || std::ranges::find(common, text) != common.end();
}

bool has_narrow_literals(const subject& of) {
  return !of.literals.empty() && std::ranges::none_of(of.literals, is_broad);
}

lint_finding about(const subject& of, std::string_view says, std::string suggestion) {
  lint_finding found;
  found.rules = {reference_to(of.rule)};
  found.message = capitalised(name_of(of.rule)) + std::string(says);
  found.suggestion = std::move(suggestion);
  return found;
}

void check_limits_hit(context& in, const subject& of) {
  const auto hits = of.rule.compiled.regex->limit_hits();
  if (hits == 0)
    return;
  in.out.add(lint_severity::error, lint_code::regex_limit_hit, [&] {
    return about(of,
                 " was too costly for " + std::to_string(hits) +
                     (hits == 1 ? " evaluation" : " evaluations") +
                     " since it was loaded, and counted as no match.",
                 "Avoid repetition within repetition such as (a+)+, or use another match type.");
  });
}

/// The well-known hosts that can match: those with one of the literals, all if there is none.
std::vector<std::string_view> hosts_to_try(const subject& of) {
  std::vector<std::string_view> found;
  if (of.literals.empty())
    for (const auto& each : well_known_hosts())
      found.push_back(each.host);
  for (const auto& literal : of.literals)
    for (const auto& each : well_known_with(literal))
      found.push_back(each.host);
  std::ranges::sort(found);
  // Not std::ranges::unique, whose result clang 14 cannot compile.
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// The hosts that the pattern matches from the beginning of a label on; the others it matches
/// within a word, which is hardly meant.
std::vector<std::string_view>
meant_by(const subject& of, const std::vector<std::string_view>& matched, match_budget& budget) {
  const auto at_label = regex::compile("(?:^|\\.)(?:" + of.rule.referrer_pattern + ")");
  if (!at_label)
    return matched; // a pattern that cannot stand within another is not judged
  std::vector<std::string_view> found;
  std::ranges::copy_if(matched, std::back_inserter(found), [&](std::string_view each) {
    return !budget.is_left() || at_label->search(each, budget) != match_result::no_match;
  });
  return found;
}

/// Tries the pattern on the well-known hosts: "t.co" as a regular expression matches microsoft.com.
void check_known_hosts(context& in, const subject& of) {
  const auto hosts = hosts_to_try(of);
  const auto compiled = of.rule.compiled.regex->get();
  if (!compiled || in.exhausted || hosts.empty())
    return;
  match_budget budget; // for all of them, so that one pattern takes milliseconds at most
  std::vector<std::string_view> matched;
  std::ranges::copy_if(hosts, std::back_inserter(matched), [&](std::string_view each) {
    return budget.is_left() && compiled->search(each, budget) == match_result::match;
  });
  if (matched.size() * 4 > well_known_hosts().size())
    return in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
      return about(of, " matches nearly every site.",
                   "Name the sites that are meant, each by its domain.");
    });
  if (matched.empty())
    return;
  const auto meant = meant_by(of, matched, budget);
  std::erase_if(matched, [&](std::string_view each) {
    return std::ranges::find(meant, each) != meant.end();
  });
  const auto by_mistake = of_other_owners(in, std::move(matched), meant);
  if (by_mistake.empty())
    return;
  in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
    return about(of, " also matches " + listed(by_mistake) + ", which it hardly means.",
                 "Anchor it where the name begins, and escape its dots: (^|\\.)partner\\.com$");
  });
}

void check_literals(context& in, const subject& of) {
  if (has_narrow_literals(of))
    return;
  in.out.add(lint_severity::warning, lint_code::regex_without_literal, [&] {
    return about(of,
                 " demands no text that selects hosts, so it must be run on every visit's "
                 "referrer.",
                 "Write the name of the site into it, at least three letters of it literally.");
  });
}

/// A pattern that matches exactly this text.
std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '.')
      out += '\\';
    out += c;
  }
  return out;
}

void check_anchors(context& in, const subject& of) {
  if (!of.shape.understood || of.shape.has_anchor)
    return;
  in.out.add(lint_severity::warning, lint_code::regex_without_anchor, [&] {
    auto found = about(of, " has neither ^ nor $, so it matches anywhere within a host.",
                       "Anchor it where a name begins and ends: (^|\\.)partner\\.com$");
    const auto& text = of.shape.text;
    if (!text || !is_host(*text))
      return found;
    const bool is_domain = text->find('.') != text->npos;
    const auto pattern = is_domain ? "(^|\\.)" + escaped(*text) + "$" : *text;
    if (is_domain)
      found.suggestion = "Anchor it at both ends of the name: " + pattern;
    else
      found.suggestion = "Use contains, which says the same and costs less; or anchor it.";
    const auto taken = in.rules.referrer_mappings().find_text(pattern);
    if (!taken || taken->id == of.rule.id)
      found.fix = {
          new_pattern(of.rule, is_domain ? match_type::regex : match_type::contains, pattern)};
    return found;
  });
}

void check_dots(context& in, const subject& of) {
  if (!of.shape.understood || of.shape.loose_dots.empty())
    return;
  in.out.add(lint_severity::warning, lint_code::regex_unescaped_dot, [&] {
    const auto better = with_escapes(of.rule.referrer_pattern, of.shape.loose_dots);
    auto found = about(of,
                       " has a dot that stands for any character: google.com as a regular "
                       "expression also matches googlexcom.",
                       "Escape it: " + better);
    if (!in.rules.referrer_mappings().find_text(better) && better.size() <= 255)
      found.fix = {new_pattern(of.rule, match_type::regex, better)};
    return found;
  });
}

} // namespace

void check_regex(context& in, const subject& of) {
  if (!of.is(match_type::regex))
    return;
  check_limits_hit(in, of);
  check_known_hosts(in, of);
  check_literals(in, of);
  check_anchors(in, of);
  check_dots(in, of);
}

} // namespace headwater::attribution::linting
