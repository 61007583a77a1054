#pragma once

// Whether the wall clock can be right. Times of events are kept for ever and never run back, so a
// clock that is far off must be noticed before it reaches the log. Pure.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <optional>

namespace headwater {

/// How far the clock may go back behind what is known, and what counts as a jump.
inline constexpr micros clock_tolerance = 5 * micros{60'000'000};
/// How long an installation may have rested.
inline constexpr micros longest_rest = 400 * micros{86'400'000'000};

/// Times that the clock of a start, or of a restore, should not be far from.
struct known_times {
  micros last_event = 0;         ///< 0: the log is empty
  std::optional<micros> head;    ///< when HEAD was last written, or the snapshot was made
  std::optional<micros> program; ///< when the program was built
};

/// errc::service_unavailable if `now` is more than clock_tolerance before the last event, or more
/// than longest_rest after the latest of all three.
[[nodiscard]] result<void> check_clock(micros now, const known_times& known);

/// Notices that the clock was set while the program runs. One thread.
class clock_watch {
public:
  /// How far the clock has jumped since the last call, negative for back; nothing if it went on
  /// like the time since the system's start, give or take less than clock_tolerance.
  [[nodiscard]] std::optional<micros> look(micros now, micros since_boot);

private:
  std::optional<micros> started_; ///< what the clock said at the system's start
};

} // namespace headwater
