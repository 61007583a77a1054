#pragma once

// Checks table files and write-ahead logs that lie in a database's directory and do not belong to
// it. A crash leaves some, in the middle of a flush or a compaction, and RocksDB removes them when
// it opens for writing. But those of a newer state look the same, where an older MANIFEST was
// copied over them, and are then all that is left of its events. Stateless.

#include "store/engine/rocksdb_database.hpp"

#include <filesystem>
#include <vector>

namespace headwater::store {

/// The table files and write-ahead logs in the directory of a database, sorted. List them before
/// the database is opened for reading: then a live server's flush cannot add one that the opened
/// state lacks.
[[nodiscard]] std::vector<std::filesystem::path>
list_data_files(const std::filesystem::path& database);

/// Checks that none of the files that do not belong to the opened state holds a position after
/// `end`, the last one of that state. What a crash leaves does not: the write-ahead logs, or the
/// tables that were compacted, hold it too. Files without an end are unfinished, and ignored.
/// errc::corrupt_log names the file and `directory`, the log's; errc::io_failed.
[[nodiscard]] result<void> check_leftovers(const std::filesystem::path& directory,
                                           const std::vector<std::filesystem::path>& listed,
                                           const rocksdb_database& database, std::uint64_t end);

} // namespace headwater::store
