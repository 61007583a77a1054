#pragma once

// A pattern for the referrer's host that gives UTM values to untagged visits (shared document
// "Referrer Mappings"). A pure value; account_rules owns the current ones, immutable behind shared
// pointers.

#include "domain/json/fields.hpp"
#include "domain/rules/utm.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::attribution {

class lazy_regex;

/// The compiled pattern attached to a stored regex mapping. Not part of its value.
struct compiled_pattern {
  std::shared_ptr<const lazy_regex> regex; ///< null unless match_type::regex
  bool operator==(const compiled_pattern&) const { return true; }
};

enum class match_type : std::uint8_t { exact = 1, contains, starts_with, ends_with, regex };

[[nodiscard]] std::string_view to_string(match_type type);
/// The second argument selects the enumeration.
[[nodiscard]] std::optional<match_type> parse_choice(std::string_view text, match_type);

struct referrer_mapping {
  std::int64_t id = 0;
  std::string referrer_pattern;
  attribution::match_type match_type = attribution::match_type::exact;
  utm_values utm{.source = {}, .medium = "referral", .campaign = {}, .term = {}, .content = {}};
  std::optional<std::string> label;
  std::optional<std::string> description;
  std::int64_t priority = 0;
  bool is_active = true;

  // Set by account_rules::apply, not part of an event's payload.
  micros created_at = 0;
  micros updated_at = 0;
  std::uint64_t revision = 0; ///< sequence of the event that last changed it
  compiled_pattern compiled;

  bool operator==(const referrer_mapping&) const = default;
};

/// Brings the pattern into the stored form of its match type (docs/rules.md, "Mappings").
/// Reports a value_error if the pattern has no such form.
void normalise(referrer_mapping& rule, read_report& report);

} // namespace headwater::attribution

namespace headwater {
template <>
field_table<attribution::referrer_mapping> fields_of<attribution::referrer_mapping>();
}
