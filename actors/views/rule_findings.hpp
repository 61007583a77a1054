#pragma once

// How a reader lints: the rules come in the message, the account's own sites from its connections,
// the time from the clock. Computes for up to the limit below and reads the disk.

#include "actors/protocol/rule_messages.hpp"
#include "store/tables/table_store.hpp"

#include <chrono>

namespace headwater::actors {

/// How long checks that ask the rule set, and so may run regular expressions, may take: in
/// processor time, and in elapsed time if the machine is busy. After that the answer says that it
/// is incomplete.
inline constexpr std::chrono::seconds longest_work{2};
inline constexpr std::chrono::seconds longest_wait{5};

/// errc::service_unavailable if the caller gave up before its turn came.
[[nodiscard]] lint_reply lint_rules(const store::table_store& tables, const lint_request& wanted);

} // namespace headwater::actors
