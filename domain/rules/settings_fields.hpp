#pragma once

// The fields of an account's attribution settings: how a client sends them, and the form in which
// they are stored. Pure.

#include "domain/json/fields.hpp"
#include "domain/rules/attribution_settings.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace headwater::attribution {

/// Own domains and return paths, of each.
inline constexpr std::size_t max_listed_settings = 100;

[[nodiscard]] std::string_view to_string(classification value);
[[nodiscard]] std::optional<classification> parse_choice(std::string_view text, classification);
[[nodiscard]] std::string_view to_string(campaign_family value);
[[nodiscard]] std::optional<campaign_family> parse_choice(std::string_view text, campaign_family);

/// Brings the settings into their stored form: domains as those of passthrough referrers, paths as
/// browsers write them, lists ascending and without doubles. Reports what has no such form. Whether
/// a time zone exists is for the caller to check: that list is on the machine.
void normalise(attribution_settings& settings, read_report& report);

/// The members of a payload, schema 1; see rule_payload.hpp.
inline constexpr std::array<std::string_view, 8> attribution_settings_v1{
    "ai_medium", "campaign_parameters", "classification", "currency",
    "drop_spam", "own_domains",         "return_paths",   "timezone"};

} // namespace headwater::attribution

namespace headwater {
template <>
field_table<attribution::attribution_settings> fields_of<attribution::attribution_settings>();
}
