#pragma once

// Reads events for whoever looks at the log: a bounded piece at a time. Blocks on the disk.

#include "actors/protocol/log_messages.hpp"
#include "store/log/event_log.hpp"

namespace headwater::actors {

/// Up to `limit` of the events behind `after`, at most 256 of them and what there is room for, but
/// at least one that is wanted unless 16,384 were looked at, or 4 MiB, or it needs more room, which
/// is told. errc::corrupt_log names the event that cannot be read, once those before it are given;
/// errc::service_unavailable where nobody waits any more.
[[nodiscard]] events_reply read_page(const store::event_log& log, const read_events& wanted);

/// How many events of the stream (empty: of all) have `time` or an earlier one; they are the first
/// ones, since time never runs back. `end` is how many there are.
[[nodiscard]] result<std::uint64_t> count_until(const store::event_log& log,
                                                const store::stream_name& stream, std::uint64_t end,
                                                micros time);

/// The time of an event by its number, from 1.
[[nodiscard]] result<micros> time_of(const store::event_log& log, const store::stream_name& stream,
                                     std::uint64_t number);

} // namespace headwater::actors
