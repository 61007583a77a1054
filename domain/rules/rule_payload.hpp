#pragma once

// The members of rule payloads by schema version, names ascending. A list that was released never
// changes: a new layout is a new list.

#include <array>
#include <string_view>

namespace headwater::attribution {

inline constexpr std::array<std::string_view, 8> passthrough_referrer_v1{
    "domain",       "id",         "is_active",  "service_name",
    "utm_campaign", "utm_medium", "utm_source", "utm_term"};

inline constexpr std::array<std::string_view, 12> referrer_mapping_v1{
    "description",      "id",           "is_active",   "label",      "match_type", "priority",
    "referrer_pattern", "utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term"};

/// Restored rules include the time of their creation.
inline constexpr std::array<std::string_view, 9> restored_referrer_v1{
    "created_at",   "domain",     "id",         "is_active", "service_name",
    "utm_campaign", "utm_medium", "utm_source", "utm_term"};

inline constexpr std::array<std::string_view, 13> restored_mapping_v1{
    "created_at", "description",      "id",           "is_active",   "label",      "match_type",
    "priority",   "referrer_pattern", "utm_campaign", "utm_content", "utm_medium", "utm_source",
    "utm_term"};

/// Rules within a state include both times; changing this list changes the layout of states.
inline constexpr std::array<std::string_view, 10> stored_referrer_v1{
    "created_at", "domain",       "id",         "is_active",  "service_name",
    "updated_at", "utm_campaign", "utm_medium", "utm_source", "utm_term"};

inline constexpr std::array<std::string_view, 14> stored_mapping_v1{
    "created_at", "description",      "id",         "is_active",    "label",       "match_type",
    "priority",   "referrer_pattern", "updated_at", "utm_campaign", "utm_content", "utm_medium",
    "utm_source", "utm_term"};

inline constexpr std::array<std::string_view, 1> deleted_rule_v1{"id"};

/// Rules in `added` and `changed` have the layout of their kind, `removed` holds ids.
inline constexpr std::array<std::string_view, 5> imported_rules_v1{"added", "changed", "mode",
                                                                   "removed", "unchanged"};

} // namespace headwater::attribution
