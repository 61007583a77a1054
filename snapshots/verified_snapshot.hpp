#pragma once

// Verifies a snapshot: its files against its manifest, then its log. Blocks on the disk; writes
// nothing.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"

namespace headwater::snapshots {

/// Returns the manifest once everything agrees with it. errc::corrupt_log names the file, or stream
/// and sequence; errc::incompatible_data: not a snapshot, or a newer one; errc::io_failed.
[[nodiscard]] result<manifest> verify_snapshot(const std::filesystem::path& snapshot,
                                               const progress& say);

} // namespace headwater::snapshots
