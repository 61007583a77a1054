#include "domain/rules/rule_mentions.hpp"

#include "domain/rules/rule_kind.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace headwater::attribution {
namespace {

// The payload is canonical, so it has no blanks, and a quotation mark within a text has a backslash
// before it. What begins with one that has none is therefore the name of a member, and no part of
// what somebody has written.

/// The part of a payload about both kinds that is about this one; empty if there is none. Such
/// members come in the order of their names: the list of the other kind comes before or after.
std::string_view section_of(std::string_view payload, std::string_view kind) {
  std::string_view out;
  each_rule_kind([&](auto one) {
    const auto begin = payload.find("\"" + std::string(one.names) + "\":{");
    if (one.name == kind && begin != payload.npos)
      out = payload.substr(begin);
    else if (begin != payload.npos && !out.empty())
      out = out.substr(0, out.size() - (payload.size() - begin));
  });
  return out;
}

/// Whether some rule has this id.
bool has_rule(std::string_view in, const std::string& id) {
  const auto member = "\"id\":" + id;
  for (auto at = in.find(member); at != in.npos; at = in.find(member, at + 1)) {
    const auto after = in.substr(at + member.size());
    if (after.starts_with(',') || after.starts_with('}'))
      return true;
  }
  return false;
}

/// Whether the list of removed ids has this one.
bool has_removed(std::string_view in, const std::string& id) {
  constexpr std::string_view member = "\"removed\":[";
  const auto begin = in.find(member);
  if (begin == in.npos)
    return false;
  auto ids = in.substr(begin + member.size());
  ids = ids.substr(0, ids.find(']'));
  while (!ids.empty()) {
    const auto end = std::min(ids.find(','), ids.size());
    if (ids.substr(0, end) == id)
      return true;
    ids.remove_prefix(std::min(end + 1, ids.size()));
  }
  return false;
}

bool holds(std::string_view in, std::int64_t id) {
  const auto text = std::to_string(id);
  return has_rule(in, text) || has_removed(in, text);
}

} // namespace

std::optional<rule_name> parse_rule_name(std::string_view text) {
  std::optional<rule_name> out;
  each_rule_kind([&](auto kind) {
    if (!text.starts_with(kind.name) || !text.substr(kind.name.size()).starts_with(':'))
      return;
    const auto digits = text.substr(kind.name.size() + 1);
    std::int64_t id = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, failed] = std::from_chars(digits.data(), end, id);
    if (failed == std::errc{} && stopped == end && id > 0 && !digits.starts_with('0'))
      out = rule_name{kind.name, id};
  });
  return out;
}

bool is_about(std::string_view type, std::string_view payload, const rule_name& rule) {
  bool is_of_one_kind = false;
  bool is_of_this_kind = false;
  each_rule_kind([&](auto kind) {
    if (!type.starts_with(kind.name))
      return;
    is_of_one_kind = true;
    is_of_this_kind = kind.name == rule.kind;
  });
  if (is_of_one_kind)
    return is_of_this_kind && holds(payload, rule.id);
  return holds(section_of(payload, rule.kind), rule.id);
}

} // namespace headwater::attribution
