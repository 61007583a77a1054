#pragma once

// Verifies a copy of a log, opened read-only: every event, every stream's head, and the checksums
// of every table.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"
#include "store/disk/open_files.hpp"

namespace headwater::snapshots {

/// Returns the contents of the copy. errc::corrupt_log names stream and sequence, or the table.
/// `say` gets "verifying" and the number of events done, then "checking" and that of bytes. At most
/// `open_tables` tables are open at a time.
[[nodiscard]] result<contents> examine(const std::filesystem::path& directory, const progress& say,
                                       std::size_t open_tables = store::most_open_tables);

} // namespace headwater::snapshots
