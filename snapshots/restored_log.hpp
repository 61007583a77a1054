#pragma once

// Makes a data directory of a snapshot. Blocks on the disk; run by the command line alone.
//
// The copy grows in NEW/restoring, where a manifest keeps every start away, and its parts move up
// once `log_restored` is in it and on disk; FORMAT comes last. So whatever a kill leaves is refused
// by a start, by its missing FORMAT.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"
#include "store/log/log_engine.hpp"

#include <functional>

namespace headwater::snapshots {

struct restore_request {
  std::filesystem::path from; ///< the snapshot; only read
  std::filesystem::path to;   ///< absent or empty
  micros now = 0;
  store::provenance by;
  store::event_salt salt{};
  /// Brings the tables of the copy up to its log, before the first append.
  std::function<result<void>(store::log_engine&)> prepare;
};

struct restored_log {
  manifest from;
  store::log_end end; ///< log_restored
};

/// Verifies the snapshot, copies it (never by links), and appends `log_restored`. A failure removes
/// what it made where it can. Errors: as verify_snapshot, errc::incompatible_data where `to` is not
/// empty, errc::io_failed (not enough room: tried before anything is copied).
[[nodiscard]] result<restored_log> restore_snapshot(const restore_request& wanted,
                                                    const progress& say);

} // namespace headwater::snapshots
