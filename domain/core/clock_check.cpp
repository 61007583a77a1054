#include "domain/core/clock_check.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace headwater {
namespace {

error refused(micros now, const std::string& why) {
  return {errc::service_unavailable,
          "the clock says " + to_rfc3339_seconds(now) + ", " + why +
              "; times of events are kept for ever, so set the clock, or give "
              "--accept-clock if it is right"};
}

} // namespace

result<void> check_clock(micros now, const known_times& known) {
  if (now < known.last_event - clock_tolerance)
    return refused(now,
                   "but the last event of the log is of " + to_rfc3339_seconds(known.last_event));
  const auto latest =
      std::max({known.last_event, known.head.value_or(0), known.program.value_or(0)});
  if (latest > 0 && now > latest + longest_rest)
    return refused(now, "more than 400 days after the last event, the last start or snapshot and "
                        "the program itself, the latest of which is of " +
                            to_rfc3339_seconds(latest));
  return {};
}

std::optional<micros> clock_watch::look(micros now, micros since_boot) {
  const auto started = now - since_boot;
  const auto jump = started - started_.value_or(started);
  started_ = started;
  if (std::abs(jump) < clock_tolerance)
    return std::nullopt;
  return jump;
}

} // namespace headwater
