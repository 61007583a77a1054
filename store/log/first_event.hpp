#pragma once

// One event out of the log, by its number. Any thread; blocks on the disk.

#include "store/log/event_log.hpp"

#include <cstdint>
#include <optional>

namespace headwater::store {

/// The first event from a number on: of a stream by sequence, or of the whole log by position where
/// the name is empty. Nothing behind the end. Errors as those of reading.
[[nodiscard]] result<std::optional<recorded_event>>
first_event(const event_log& log, const stream_name& stream, std::uint64_t from);

} // namespace headwater::store
