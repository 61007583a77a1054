#pragma once

// How long work tells how far it is, and is told to end.

#include "domain/core/error.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace headwater::snapshots {

/// Called now and then, "verifying" events or "hashing" and "copying" bytes. An error ends the work
/// with that error.
using progress =
    std::function<result<void>(std::string_view doing, std::uint64_t done, std::uint64_t total)>;

[[nodiscard]] inline result<void> tell(const progress& to, std::string_view doing,
                                       std::uint64_t done, std::uint64_t total) {
  return to ? to(doing, done, total) : result<void>{};
}

} // namespace headwater::snapshots
