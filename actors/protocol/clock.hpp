#pragma once

// The wall clock and the kernel's randomness, which only actors/ and the layers above may use.

#include "domain/core/time.hpp"
#include "store/log/event_log.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace headwater::actors {

/// Microseconds since 1970, UTC.
[[nodiscard]] micros now();

/// The same, but never before the log's last event: the time that an event appended now would get.
/// Tokens expire by it, so that a clock that is set back revives none of them. Takes a lock.
[[nodiscard]] micros log_time(const store::event_log& log);

/// Microseconds since the system started, including those of its sleep. No one can set it.
[[nodiscard]] micros since_boot();

/// When a message was sent; for measuring how long it waited.
using steady_time = std::chrono::steady_clock::time_point;

/// Fills `out` from getrandom(2); ends the process if the kernel has none, because a salt or token
/// that can be guessed is worse than no service.
void fill_random(std::span<std::uint8_t> out);

template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> out;
  fill_random(out);
  return out;
}

/// A new ULID with the current time, greater than any that this process has made before, also
/// within a millisecond and if the clock goes back (github.com/ulid/spec, "Monotonicity").
/// Thread-safe.
[[nodiscard]] std::string new_ulid();

} // namespace headwater::actors
