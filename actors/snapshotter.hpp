#pragma once

// Makes snapshots, on demand and by schedule, on a thread of its own: each reads the whole log and
// may take minutes. It only reads the log; the journal goes on meanwhile.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/metrics.hpp"
#include "actors/shared/snapshot_status.hpp"
#include "store/log/log_engine.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace headwater::actors {

struct snapshot_settings {
  std::filesystem::path directory; ///< empty: "snapshots" in the data directory
  std::chrono::seconds every{0};   ///< 0: only on demand
  std::size_t keep = 8;            ///< of scheduled ones: older ones are removed after each success
  std::string program;             ///< the version that the manifest names
  store::low_water low_water;      ///< below it on their disk, none are made
};

struct snapshotter_state {
  static inline const char* name = "snapshotter";

  std::shared_ptr<const store::log_engine> log; ///< one in memory has no copies, so no snapshots
  std::shared_ptr<snapshot_status> status;
  std::shared_ptr<metrics> counters;
  snapshot_settings settings;
};

snapshotter_actor::behavior_type
snapshotter(snapshotter_actor::stateful_pointer<snapshotter_state> self,
            std::shared_ptr<const store::log_engine> log, std::shared_ptr<snapshot_status> status,
            std::shared_ptr<metrics> counters, snapshot_settings settings);

} // namespace headwater::actors
