#pragma once

// What takes an erased account out of a log: first the payload parts and rows, then their bytes.
//
// Operation: headers and chain values stay, so the log verifies as before; an account_erased event
// (store/audit/erasures.hpp), appended first, accounts for the parts that are gone. Every step may
// be done again after it was cut short.
//
// Concurrency: beside appends and readings, by one caller at a time (the eraser). All block on the
// disk; an error of the disk stops the log.
//
// Limits: bring a few hundred sequences or ranges at a time, each call is one synced write. scrub()
// takes as long as copying the database, and as much room.

#include "domain/core/error.hpp"
#include "store/log/event.hpp"
#include "store/tables/table.hpp"

#include <atomic>
#include <cstdint>
#include <span>

namespace headwater::store {

class erasable_log {
public:
  /// Removes the payload parts of events of a stream, and where those used an idempotency key its
  /// record. Gives how many had a part still. errc::corrupt_log where there is no such event.
  [[nodiscard]] virtual result<std::uint64_t>
  erase_parts(const stream_name& stream, std::span<const std::uint64_t> sequences) = 0;

  /// Deletes rows.
  [[nodiscard]] virtual result<void> erase_rows(std::span<const row_range> ranges) = 0;

  /// Writes all that the log keeps anew, so that afterwards no byte of it is left of what was
  /// erased, deleted or replaced before the call; `stop` ends it. errc::service_unavailable:
  /// stopped, or a reader still has the old state after a minute; errc::io_failed: also where there
  /// is no room.
  [[nodiscard]] virtual result<void> scrub(std::atomic<bool>& stop) = 0;

protected:
  ~erasable_log() = default;
};

} // namespace headwater::store
