#pragma once

// How much lies between two states of an account's rules. Pure, any thread.

#include "domain/rules/rules.hpp"

#include <cstddef>

namespace headwater::actors {

/// Rules that differ between two states: so many a resolve would scan plainly.
[[nodiscard]] std::size_t count_changes(const attribution::account_rules& before,
                                        const attribution::account_rules& now);

/// With more changes than this at once, rules are published only together with their compiled form.
inline constexpr std::size_t many_changes = 1'024;

} // namespace headwater::actors
