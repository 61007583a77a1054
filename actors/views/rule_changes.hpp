#pragma once

// How many rules differ between two states of an account. Pure, any thread.

#include "domain/rules/rules.hpp"

#include <cstddef>

namespace headwater::actors {

/// The number of rules that differ, which is how many a resolve would scan linearly.
[[nodiscard]] std::size_t count_changes(const attribution::account_rules& before,
                                        const attribution::account_rules& now);

/// Above this many changes at once, rules are published only together with their compiled form.
inline constexpr std::size_t many_changes = 1'024;

} // namespace headwater::actors
