// Implements check_breadth() of lint_context.hpp: hosts that a pattern matches by mistake.

#include "domain/hosts/domain_name.hpp"
#include "domain/lint/known_hosts.hpp"
#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>

namespace headwater::attribution::linting {
namespace {

/// The well-known hosts that a pattern matches.
struct catch_of {
  std::size_t all = 0;
  std::vector<std::string_view> meant;
  std::vector<std::string_view> by_mistake; ///< they contain the text, but are not about it
};

/// Whether a pattern that occurs there seems to mean the host: it begins at a label, and ends at a
/// label's end or at least covers half of it ("goog" in google.com).
bool is_meant(std::string_view text, const occurrence& where) {
  const auto [host, at] = where;
  if (at != 0 && text[0] != '.' && host[at - 1] != '.')
    return false;
  const auto end = at + text.size();
  if (end == host.size() || text.ends_with('.') || host[end] == '.')
    return true;
  const auto dot = host.rfind('.', end - 1);
  const auto label = dot == host.npos ? 0 : dot + 1;
  const auto label_end = std::min(host.find('.', end), host.size());
  return (end - std::max(label, at)) * 2 >= label_end - label;
}

catch_of caught(const context& in, std::string_view text, match_type type) {
  catch_of found;
  std::string_view last;
  for (const auto& each : well_known_with(text)) {
    const bool is_start = each.at == 0;
    const bool is_end = each.at + text.size() == each.host.size();
    if ((type == match_type::starts_with && !is_start) ||
        (type == match_type::ends_with && !is_end))
      continue;
    const bool meant = is_meant(text, each);
    if (each.host != last) {
      last = each.host;
      ++found.all;
      (meant ? found.meant : found.by_mistake).push_back(each.host);
    } else if (meant && !found.by_mistake.empty() && found.by_mistake.back() == each.host) {
      found.by_mistake.pop_back();
      found.meant.push_back(each.host);
    }
  }
  found.by_mistake = of_other_owners(in, std::move(found.by_mistake), found.meant);
  return found;
}

bool is_nearly_everything(std::string_view text, match_type type, const catch_of& found) {
  const bool is_www = std::string_view("www.").starts_with(text);
  return (is_www && type != match_type::ends_with) || found.all * 4 > well_known_hosts().size();
}

void report_everything(context& in, const subject& of, std::string_view what) {
  in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " matches " + std::string(what) + ".";
    found.suggestion = "Name the sites that are meant, each by its domain.";
    return found;
  });
}

void report_mistakes(context& in, const subject& of, const catch_of& caught_hosts) {
  in.out.add(lint_severity::warning, lint_code::too_broad, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " also matches " +
                    listed(caught_hosts.by_mistake) + ", which it hardly means.";
    if (is_domain_name(of.rule.referrer_pattern)) {
      found.suggestion = "Use exact for this domain, and ends_with with a leading dot for what is "
                         "below it.";
      found.fix = {new_match_type(of.rule, match_type::exact)};
    } else {
      found.suggestion = "Use a longer pattern, with the dots around the name.";
    }
    return found;
  });
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

void report_boundary(context& in, const subject& of, const catch_of& caught_hosts) {
  in.out.add(lint_severity::warning, lint_code::no_label_boundary, [&] {
    const auto& rule = of.rule;
    const auto& texts = in.rules.referrer_mappings();
    const auto below = "." + rule.referrer_pattern;
    lint_finding found;
    found.rules = {reference_to(rule)};
    found.message = capitalised(name_of(rule)) + " also matches " +
                    (caught_hosts.by_mistake.empty() ? "my" + rule.referrer_pattern
                                                     : listed(caught_hosts.by_mistake)) +
                    ", because it does not begin at a dot.";
    found.suggestion = "Use ends_with " + quoted(below) + " for the subdomains and exact " +
                       quoted(rule.referrer_pattern) + " for the domain itself.";
    if (!is_domain_name(rule.referrer_pattern))
      return found;
    if (texts.find_text(below))
      found.fix = {new_match_type(rule, match_type::exact)};
    else
      found.fix = {new_pattern(rule, match_type::ends_with, below),
                   another(rule, match_type::exact, rule.referrer_pattern)};
    return found;
  });
}

} // namespace

bool is_public_suffix(const context& in, std::string_view text) {
  // A label before it is a name that somebody registered.
  const auto below = "a." + std::string(text);
  return !text.empty() && in.lists.suffixes().registrable(below) == below;
}

std::string suffix_words(const context& in, std::string_view text) {
  return in.lists.suffixes().is_listed_suffix(text)
             ? ", a public suffix by " + name_of_list(in.lists, "public-suffixes")
             : std::string{};
}

std::vector<std::string_view> of_other_owners(const context& in,
                                              std::vector<std::string_view> caught,
                                              const std::vector<std::string_view>& meant) {
  std::vector<std::string_view> owners;
  owners.reserve(meant.size());
  for (const auto each : caught.empty() ? std::vector<std::string_view>{} : meant)
    owners.push_back(owner_of(in, each));
  std::erase_if(caught, [&](std::string_view each) {
    return std::ranges::find(owners, owner_of(in, each)) != owners.end();
  });
  return caught;
}

void check_breadth(context& in, const subject& of) {
  if (of.is(match_type::exact) || of.is(match_type::regex))
    return;
  const std::string_view text = of.rule.referrer_pattern;
  const auto type = of.rule.match_type;
  const auto found = caught(in, text, type);
  // Whatever selects nothing has no boundary that it could miss.
  if (type == match_type::ends_with && is_public_suffix(in, of.text))
    return report_everything(in, of, "every site under ." + of.text + suffix_words(in, of.text));
  if (is_nearly_everything(text, type, found))
    return report_everything(in, of, "nearly every site");
  if (type == match_type::ends_with) {
    if (is_letter_or_digit(text[0]))
      report_boundary(in, of, found);
  } else if (!found.by_mistake.empty()) {
    report_mistakes(in, of, found);
  }
}

} // namespace headwater::attribution::linting
