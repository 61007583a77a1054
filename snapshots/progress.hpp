#pragma once

// How long-running work reports progress and can be stopped.

#include "domain/core/error.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace headwater::snapshots {

/// Called from time to time. The number counts events for "verifying", and bytes for "hashing",
/// "checking" and "copying". If it returns an error, the work stops with that error.
using progress =
    std::function<result<void>(std::string_view doing, std::uint64_t done, std::uint64_t total)>;

[[nodiscard]] inline result<void> tell(const progress& to, std::string_view doing,
                                       std::uint64_t done, std::uint64_t total) {
  return to ? to(doing, done, total) : result<void>{};
}

} // namespace headwater::snapshots
