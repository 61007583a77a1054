#pragma once

// Linting as a reader does it: the rules come in the message, the account's own sites from its
// connections, time from the clock. Computes for up to the limit below and reads the disk.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

#include <chrono>

namespace headwater::actors {

/// How long checks that run regular expressions may take; then the answer says that it is not
/// complete.
inline constexpr std::chrono::milliseconds longest_lint{2'000};

/// errc::service_unavailable where the asker has given up before its turn came.
[[nodiscard]] lint_reply lint_rules(const service_parts& parts, const lint_request& wanted);

} // namespace headwater::actors
