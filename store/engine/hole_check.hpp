#pragma once

// Checks that a database just opened for reading is in one piece. A hole is a run of commits that
// are neither in its tables nor in the write-ahead logs that were replayed. It does not show at the
// end of the log, its heads or its marks, because the newest write-ahead logs supply those; one has
// to look for what comes before them. Stateless.

#include "store/engine/rocksdb_database.hpp"

namespace headwater::store {

/// Also checks that what was replayed belongs to the same history as the tables: each stream's
/// events follow from those before them, for up to 1,000 streams of each file.
/// errc::corrupt_log names the missing positions, the file that follows them, and `directory`, the
/// log's; or else the file that repeats commits which the tables already have. Damage that prevents
/// reading here is ignored: it will be reported when the damaged data is read.
[[nodiscard]] result<void> check_no_hole(const std::filesystem::path& directory,
                                         const rocksdb_database& database);

} // namespace headwater::store
