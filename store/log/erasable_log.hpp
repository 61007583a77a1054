#pragma once

// Removes an erased account from a log: first the payload parts and rows, then their bytes on disk.
//
// Operation: headers and chain values stay, so the log still verifies. An account_erased event
// (store/audit/erasures.hpp), appended first, explains the missing parts. Every step may be
// repeated after an interruption.
//
// Concurrency: beside appends and readers, by one caller at a time (the eraser). All functions
// block on the disk; a disk error stops the log.
//
// Limits: pass a few hundred sequences or ranges at a time, since each call is one synced write.
// scrub() takes as long, and as much room, as copying the database.

#include "domain/core/error.hpp"
#include "store/log/event.hpp"
#include "store/tables/table.hpp"

#include <atomic>
#include <cstdint>
#include <span>

namespace headwater::store {

class erasable_log {
public:
  /// Removes the payload parts of some events of a stream, and the records of the idempotency keys
  /// that they used. Returns how many still had a part. errc::corrupt_log if there is no such
  /// event.
  [[nodiscard]] virtual result<std::uint64_t>
  erase_parts(const stream_name& stream, std::span<const std::uint64_t> sequences) = 0;

  /// Deletes rows.
  [[nodiscard]] virtual result<void> erase_rows(std::span<const row_range> ranges) = 0;

  /// Rewrites everything that the log keeps, so that no byte remains of what was erased, deleted or
  /// replaced before the call; setting `stop` ends it. errc::service_unavailable: stopped, or a
  /// reader still holds an old state after a minute; errc::io_failed: also if there is not enough
  /// room.
  [[nodiscard]] virtual result<void> scrub(std::atomic<bool>& stop) = 0;

protected:
  ~erasable_log() = default;
};

} // namespace headwater::store
