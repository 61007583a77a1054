#pragma once

// One attempt at a snapshot: when it was made, and its result. A value.

#include "domain/core/time.hpp"
#include "snapshots/made_snapshot.hpp"

#include <memory>
#include <string>

namespace headwater::actors {

struct snapshot_attempt {
  micros started_at = 0;
  micros finished_at = 0;                               ///< 0: under way
  std::string reason;                                   ///< of a failure, else empty
  bool is_disk_full = false;                            ///< the failure is errc::storage_full
  std::shared_ptr<const snapshots::made_snapshot> made; ///< null unless it succeeded

  [[nodiscard]] bool is_running() const { return finished_at == 0; }
};

} // namespace headwater::actors
