#pragma once

// Looks a copy of a log over, opened read-only: every event, and every stream's head.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"
#include "store/disk/open_files.hpp"

namespace headwater::snapshots {

/// What the copy holds. errc::corrupt_log names stream and sequence. `say` hears of "verifying" and
/// the events done. At most so many tables are open at a time.
[[nodiscard]] result<contents> examine(const std::filesystem::path& directory, const progress& say,
                                       std::size_t open_tables = store::most_open_tables);

} // namespace headwater::snapshots
