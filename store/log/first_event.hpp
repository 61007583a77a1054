#pragma once

// One event of the log by its number. Any thread; blocks on the disk.

#include "store/log/event_log.hpp"

#include <cstdint>
#include <optional>

namespace headwater::store {

/// The first event with this number or a higher one: of a stream by sequence, or of the whole log
/// by position if the name is empty. Nothing after the end. The errors are those of reading.
[[nodiscard]] result<std::optional<recorded_event>>
first_event(const event_log& log, const stream_name& stream, std::uint64_t from);

} // namespace headwater::store
