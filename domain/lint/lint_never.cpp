// Implements check_never() of lint_context.hpp: patterns that no host can match.

#include "domain/lint/lint_context.hpp"
#include "domain/lint/lint_words.hpp"

#include <algorithm>

namespace headwater::attribution::linting {
namespace {

bool is_host_character(char c) {
  // The last three are those of an IPv6 address.
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
         c == '[' || c == ']' || c == ':';
}

bool has_long_label(std::string_view text) {
  std::size_t label = 0;
  for (char c : text) {
    label = c == '.' ? 0 : label + 1;
    if (label > 63)
      return true;
  }
  return false;
}

/// Why nothing can match, as the rest of a sentence.
std::string reason(const subject& of) {
  const std::string_view pattern = of.rule.referrer_pattern;
  if (!of.is(match_type::regex) && pattern.find('*') != pattern.npos)
    return "this match type takes * literally, and no host has one";
  if (of.is(match_type::exact))
    return "no host has this form";
  if (pattern.find('/') != pattern.npos)
    return "patterns are compared with the referrer's host alone, and no host has a slash";
  return "no host contains such a text";
}

/// Expresses asterisks at the ends of a pattern as a match type.
std::optional<suggested_change> without_wildcards(const context& in, const referrer_mapping& rule) {
  std::string_view rest = rule.referrer_pattern;
  const bool open_start = rest.starts_with('*');
  const bool open_end = rest.ends_with('*');
  rest.remove_prefix(open_start ? 1 : 0);
  rest.remove_suffix(open_end && !rest.empty() ? 1 : 0);
  const auto type = open_start && open_end ? match_type::contains
                    : open_start           ? match_type::ends_with
                    : open_end             ? match_type::starts_with
                                           : match_type::exact;
  if (rule.match_type == match_type::regex || type == match_type::exact || rest.empty() ||
      !is_possible(rest, type) || in.rules.referrer_mappings().find_text(rest))
    return std::nullopt;
  return new_pattern(rule, type, rest);
}

bool never_matches(const subject& of) {
  if (of.hosts && of.hosts->empty())
    return true;
  if (of.is(match_type::exact))
    return false;
  if (!of.is(match_type::regex))
    return !is_possible(of.rule.referrer_pattern, of.rule.match_type);
  const auto impossible = [](const std::string& each) {
    return !is_possible(each, match_type::contains);
  };
  return (!of.literals.empty() && std::ranges::all_of(of.literals, impossible)) ||
         (!of.shape.head.empty() && !is_possible(of.shape.head, match_type::starts_with)) ||
         (!of.shape.tail.empty() && !is_possible(of.shape.tail, match_type::ends_with));
}

} // namespace

bool is_possible(std::string_view text, match_type type) {
  return text.size() <= 253 && std::ranges::all_of(text, is_host_character) &&
         text.find("..") == text.npos && !has_long_label(text) &&
         !(type == match_type::starts_with && text.starts_with('.')) &&
         !(type == match_type::ends_with && text.ends_with('.'));
}

bool is_host(std::string_view text) {
  for (const std::string_view scheme : {"https://", "android-app://"})
    if (const auto found = host_of_referrer(std::string(scheme) + std::string(text));
        found && found->name == text)
      return true;
  return false;
}

std::string_view owner_of(const context& in, std::string_view name) {
  return in.lists.suffixes().registrable(name).value_or(name);
}

bool check_never(context& in, const subject& of) {
  if (!never_matches(of))
    return false;
  in.out.add(lint_severity::error, lint_code::never_matches, [&] {
    lint_finding found;
    found.rules = {reference_to(of.rule)};
    found.message = capitalised(name_of(of.rule)) + " never decides: " + reason(of) + ".";
    found.suggestion = "Correct the pattern, or delete the mapping.";
    if (auto change = without_wildcards(in, of.rule)) {
      found.suggestion = "Leave the asterisk out and let the match type say where the text stands.";
      found.fix = {std::move(*change)};
    }
    return found;
  });
  return true;
}

namespace {

template <class Rule>
bool report_spam(context& in, const Rule& rule, std::string_view host) {
  in.out.add(lint_severity::error, lint_code::never_matches, [&] {
    lint_finding found;
    found.rules = {reference_to(rule)};
    found.message = capitalised(name_of(rule)) + " never decides: " + std::string(host) +
                    " is referrer spam by " + name_of_list(in.lists, "spam") +
                    ", and counts as no referrer.";
    found.suggestion = "Delete it, or set drop_spam to false in the attribution settings.";
    return found;
  });
  return true;
}

} // namespace

bool check_spam(context& in, const subject& of) {
  if (!in.rules.settings().drop_spam || !of.hosts || of.hosts->empty() ||
      !std::ranges::all_of(*of.hosts, [&](const auto& each) { return in.lists.is_spam(each); }))
    return false;
  return report_spam(in, of.rule, of.hosts->front());
}

bool check_spam(context& in, const passthrough_referrer& rule) {
  return in.rules.settings().drop_spam && in.lists.is_spam(rule.domain) &&
         report_spam(in, rule, rule.domain);
}

} // namespace headwater::attribution::linting
