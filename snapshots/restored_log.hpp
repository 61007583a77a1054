#pragma once

// Turns a snapshot into a data directory. Blocks on the disk; used only by the command line.
//
// The copy grows in NEW/restoring, whose manifest keeps any start away. Its parts are moved up once
// `log_restored` is in it and on disk, and FORMAT is written last. So whatever a killed process
// leaves behind is refused by a start, because FORMAT is missing.

#include "snapshots/manifest.hpp"
#include "snapshots/progress.hpp"
#include "snapshots/verified_snapshot.hpp"
#include "store/log/log_engine.hpp"

#include <functional>

namespace headwater::snapshots {

struct restore_request {
  std::filesystem::path from; ///< the snapshot; only read from
  std::filesystem::path to;   ///< missing or empty
  noted_facts noted;          ///< what the snapshot is held to
  micros now = 0;             ///< becomes the time of log_restored; judged first, see check_clock()
  bool accept_clock = false;  ///< whatever `now` is
  std::optional<micros> built; ///< when the program was built, if that can be told
  store::provenance by;
  store::event_salt salt{};
  /// Brings the copy's tables up to date with its log, before the first append.
  std::function<result<void>(store::log_engine&)> prepare;
};

struct restored_log {
  manifest from;
  store::log_end end;       ///< the position of log_restored
  std::uint64_t proven = 0; ///< see verified_snapshot
  std::string
      accepted_clock; ///< what check_clock() said and accept_clock overruled; empty: nothing
};

/// Verifies the snapshot, copies it (never by links), and appends `log_restored`. After a failure
/// it removes what it made, if possible. Errors: those of verify_snapshot and of check_clock,
/// errc::incompatible_data if `to` is not empty, errc::io_failed (not enough room: checked before
/// anything is copied).
[[nodiscard]] result<restored_log> restore_snapshot(const restore_request& wanted,
                                                    const progress& say);

} // namespace headwater::snapshots
