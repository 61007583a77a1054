#pragma once

// The place that chooses an engine: all code opens logs here, and nothing above names an engine.
// Blocks on the disk.

#include "store/disk/disk_space.hpp"
#include "store/disk/open_files.hpp"
#include "store/log/log_engine.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace headwater::store {

struct log_settings {
  std::filesystem::path directory;
  std::size_t block_cache_bytes = std::size_t{64} << 20;
  std::size_t open_tables = most_open_tables; ///< at a time; see files_of_log
  low_water leaves_free = {};                 ///< from the start, as log_engine::look_at_disk()
  bool takes_snapshots = false; ///< the directory is a copy of a snapshot being restored
  /// Judges the end of a log that exists, before anything is written; its error refuses the log.
  end_check accepts = {};
};

/// Opens the log in a data directory for reading and writing, for as long as the result lives. A
/// directory that is missing or empty becomes a new log.
/// Errors, after which nothing has been written: errc::io_failed (locked, unreadable),
/// errc::incompatible_data (newer format, not ours), errc::corrupt_log (lost or damaged events).
[[nodiscard]] result<std::unique_ptr<log_engine>> open_log(const log_settings& settings);

/// Opens the log read-only in its present state, whether or not a server is running on it. Takes no
/// lock, writes nothing, shows no event beyond HEAD; keeps at most that many tables open. Errors as
/// above.
[[nodiscard]] result<std::unique_ptr<const log_engine>>
open_log_to_read(const std::filesystem::path& directory, std::size_t open_tables = every_table);

/// The same with the events beyond HEAD, as the next start shows them: a power cut may leave a HEAD
/// that is older than what was acknowledged. For checks of the whole log.
[[nodiscard]] result<std::unique_ptr<const log_engine>>
open_whole_log_to_read(const std::filesystem::path& directory);

} // namespace headwater::store
