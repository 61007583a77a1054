#pragma once

// How the linter's findings name rules, list hosts and write changes. Private to lint*.cpp.

#include "domain/lint/lint.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution::linting {

inline constexpr std::size_t most_rules_named = 10;

/// `"text"`, cut if it is long.
[[nodiscard]] std::string quoted(std::string_view text);
/// `mapping 7 (contains "t.co")`
[[nodiscard]] std::string name_of(const referrer_mapping& rule);
/// `passthrough referrer 3 (mirai.com)`
[[nodiscard]] std::string name_of(const passthrough_referrer& rule);
/// The same as the first word of a sentence.
[[nodiscard]] std::string capitalised(std::string text);
/// "a, b, c and 4 more": at most three by name.
[[nodiscard]] std::string listed(const std::vector<std::string_view>& names);
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

/// "the list of AI platforms of 2026-11-20"
[[nodiscard]] std::string name_of(const ai_platforms& platforms);
/// "Matomo's list of search engines of 2026-07-15"; `list` is list_info::name.
[[nodiscard]] std::string name_of_list(const source_lists& lists, std::string_view list);

[[nodiscard]] rule_reference reference_to(const referrer_mapping& rule);
[[nodiscard]] rule_reference reference_to(const passthrough_referrer& rule);

[[nodiscard]] suggested_change removal(const referrer_mapping& rule);
[[nodiscard]] suggested_change removal(const passthrough_referrer& rule);
[[nodiscard]] suggested_change new_priority(const referrer_mapping& rule, std::int64_t priority);
[[nodiscard]] suggested_change new_match_type(const referrer_mapping& rule, match_type type);
[[nodiscard]] suggested_change new_pattern(const referrer_mapping& rule, match_type type,
                                           std::string_view pattern);
/// A mapping like `rule` with another pattern.
[[nodiscard]] suggested_change another(const referrer_mapping& rule, match_type type,
                                       std::string_view pattern);
/// A passthrough referrer whose fallback is the mapping's UTM values.
[[nodiscard]] suggested_change new_passthrough(const referrer_mapping& like,
                                               std::string_view domain);

} // namespace headwater::attribution::linting
