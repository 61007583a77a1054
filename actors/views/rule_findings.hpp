#pragma once

// Linting as a reader does it: the rules come in the message, the account's own sites from its
// connections, time from the clock. Computes for up to the limit below and reads the disk.

#include "actors/protocol/rule_messages.hpp"
#include "store/tables/table_store.hpp"

#include <chrono>

namespace headwater::actors {

/// How much checks that ask the rule set, and so may run regular expressions, take: of a processor,
/// and of everybody's time where the machine is busy. Then the answer says that it is not complete.
inline constexpr std::chrono::seconds longest_work{2};
inline constexpr std::chrono::seconds longest_wait{5};

/// errc::service_unavailable where the asker has given up before its turn came.
[[nodiscard]] lint_reply lint_rules(const store::table_store& tables, const lint_request& wanted);

} // namespace headwater::actors
