#pragma once

// Looks a copy of a log over, opened read-only: every event, and every stream's head.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"

namespace headwater::snapshots {

/// What the copy holds. errc::corrupt_log names stream and sequence. `say` hears of "verifying" and
/// the events done.
[[nodiscard]] result<contents> examine(const std::filesystem::path& directory, const progress& say);

} // namespace headwater::snapshots
