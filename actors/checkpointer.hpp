#pragma once

// Grows the Merkle tree over all events and signs checkpoints of it, behind the journal. Detached,
// because it reads and writes; no reply depends on it.
//
// It looks at the log every second (or as often as checkpoints are wanted, if that is more often),
// adds what is new in bounded steps, and signs a checkpoint if the configured time has passed, or
// the configured number of events was added, since the last one. The checkpoint is then on disk and
// acknowledged (provable_log). Before the first checkpoint of a process it checks that the last one
// signed by its key belongs to this very log: one key never signs two histories. After an error it
// signs nothing more until the next start.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/health.hpp"
#include "actors/shared/log_key.hpp"
#include "actors/shared/metrics.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/log/log_engine.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace headwater::actors {

struct checkpointer_state {
  static inline const char* name = "checkpointer";

  std::shared_ptr<store::log_engine> log;
  std::shared_ptr<metrics> counters;
  key_ptr key;
  checkpoint_settings settings;

  std::optional<store::stored_tree> tree; ///< nothing before the first look and after an error
  bool failed = false;
  bool checked = false;                ///< the last checkpoint was found to belong to this log
  std::uint64_t until = 0;             ///< where the log ended when the current look began
  std::uint64_t last_size = 0;         ///< the events covered by the last checkpoint
  std::optional<steady_time> last_cut; ///< nothing before the first one of this process
};

checkpointer_actor::behavior_type
checkpointer(checkpointer_actor::stateful_pointer<checkpointer_state> self,
             std::shared_ptr<store::log_engine> log, std::shared_ptr<metrics> counters, key_ptr key,
             checkpoint_settings settings);

} // namespace headwater::actors
