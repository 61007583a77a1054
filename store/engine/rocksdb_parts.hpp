#pragma once

// The pieces that opening a RocksDB log produces, and the reads that opening and the open log
// share. Internal to the engine.

#include "store/disk/data_directory.hpp"
#include "store/disk/head_file.hpp"
#include "store/engine/rocksdb_database.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/log/stream_head_cache.hpp"

namespace headwater::store {

struct rocksdb_log::parts {
  std::unique_ptr<data_directory> directory; ///< null for a reader
  std::unique_ptr<head_file> head;           ///< null for a reader
  std::unique_ptr<rocksdb_database> database;
  log_end end;
  std::size_t cached_stream_heads = 0;
};

/// The event at a position; errc::corrupt_log if there is none.
[[nodiscard]] result<recorded_event> read_at(const rocksdb_view& from, std::uint64_t position);

/// The last event's position, chain value and time; all zeros for an empty log.
[[nodiscard]] result<log_end> find_end(const rocksdb_view& from);

/// The number of events that the last checkpoint covers; 0 if there is none.
[[nodiscard]] result<std::uint64_t> find_last_checkpoint(const rocksdb_view& from);

/// The position in a family's mark, or nothing.
[[nodiscard]] result<std::optional<std::uint64_t>> find_mark(const rocksdb_view& from,
                                                             family where);

/// Checks that stream heads and idempotency keys reach to the end of the log; missing events and
/// positions are noticed when reading. errc::corrupt_log names the family that falls short.
[[nodiscard]] result<void> check_marks(const rocksdb_view& from, const log_end& end);

/// Zeros for a stream that does not exist.
[[nodiscard]] result<stream_head> find_head(const rocksdb_view& from, const stream_name& stream);

/// errc::corrupt_log for a damaged block met while reading this event, otherwise as from_status().
[[nodiscard]] error reading_error(const rocksdb::Status& status, const stream_name& stream,
                                  std::uint64_t sequence);

} // namespace headwater::store
