// Implements check_regex() of lint_context.hpp: problems that only regular expressions have.

#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>
#include <array>

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

/// Only those without a literal are run: they are few, and a literal makes the others selective.
void check_matches_everything(context& in, const subject& of) {
  const auto compiled = of.rule.compiled.regex->get();
  if (!compiled || in.exhausted)
    return;
  const auto all = well_known_hosts();
  match_budget budget; // for all of them, so that one pattern takes milliseconds at most
  const auto found = std::ranges::count_if(all, [&](const known_host& each) {
    return budget.is_left() && compiled->search(each.host, budget) == match_result::match;
  });
  if (static_cast<std::size_t>(found) * 4 <= all.size())
    return;
  in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
    return about(of, " matches nearly every site.",
                 "Name the sites that are meant, each by its domain.");
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
  check_matches_everything(in, of);
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
  check_literals(in, of);
  check_anchors(in, of);
  check_dots(in, of);
}

} // namespace headwater::attribution::linting
