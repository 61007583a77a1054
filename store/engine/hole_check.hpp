#pragma once

// Whether a database that was just opened to read is in one piece. A hole is a run of commits that
// neither its tables hold nor what was replayed from its write-ahead logs; the newest of those
// bring the end of the log, its heads and its marks, so only looking for what lies before them
// shows it. Stateless.

#include "store/engine/rocksdb_database.hpp"

namespace headwater::store {

/// errc::corrupt_log names the positions that are missing, the file before which they are, and
/// `directory`, the log's; or the file that brings commits again that the tables hold. What damage
/// keeps from being read here is left to whoever reads it.
[[nodiscard]] result<void> check_no_hole(const std::filesystem::path& directory,
                                         const rocksdb_database& database);

} // namespace headwater::store
