#pragma once

// Reads events for display, a bounded piece at a time. Blocks on the disk.

#include "actors/protocol/log_messages.hpp"
#include "actors/views/principal_names.hpp"
#include "store/log/event_log.hpp"

namespace headwater::actors {

/// Up to `limit` of the events after `after` (backwards: before it), at most 256 and as many as
/// there is room for. Returns at least one wanted event unless 16,384 events or 4 MiB have been
/// read first, or the next one needs more room, which it reports. errc::corrupt_log names an event
/// that cannot be read, after those before it were returned; errc::service_unavailable if the
/// caller has given up. With `names` each event that has its part also has "principal_name".
[[nodiscard]] events_reply read_page(const store::event_log& log, const read_events& wanted,
                                     principal_names* names = nullptr);

/// How many events of the stream (empty: of all) have `time` or an earlier one; they are the first
/// ones, because time never runs backwards. `end` is how many there are.
[[nodiscard]] result<std::uint64_t> count_until(const store::event_log& log,
                                                const store::stream_name& stream, std::uint64_t end,
                                                micros time);

/// The time of an event, given its number from 1.
[[nodiscard]] result<micros> time_of(const store::event_log& log, const store::stream_name& stream,
                                     std::uint64_t number);

} // namespace headwater::actors
