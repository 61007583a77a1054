#pragma once

// Whether an event is about a rule: a search in the text of its payload, which may hold 50,000
// rules, without reading them. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater::attribution {

/// A stored rule by its kind (rule_kind<Rule>::name) and its id.
struct rule_name {
  std::string_view kind; ///< static text
  std::int64_t id = 0;
  bool operator==(const rule_name&) const = default;
};

/// Reads "referrer_mapping:5"; nothing for any other text. Ids begin at 1.
[[nodiscard]] std::optional<rule_name> parse_rule_name(std::string_view text);

/// Whether an event of an account's stream created, changed or removed the rule, be it alone or
/// among others. `payload` is canonical JSON, as events have it.
[[nodiscard]] bool is_about(std::string_view type, std::string_view payload, const rule_name& rule);

} // namespace headwater::attribution
