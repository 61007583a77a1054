#pragma once

// Stores accounts' rules as of some of their events, so that the next recovery replays only what
// came after (snapshots/account_states). Detached, so that one state at a time is written and no
// request waits for it. The states are only a cache: a failure is logged, and costs time.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"
#include "store/log/log_engine.hpp"

namespace headwater::actors {

struct state_writer_state {
  static inline const char* name = "state_writer";

  std::shared_ptr<store::log_engine> log;
  std::shared_ptr<metrics> counters;
};

state_writer_actor::behavior_type
state_writer(state_writer_actor::stateful_pointer<state_writer_state> self,
             std::shared_ptr<store::log_engine> log, std::shared_ptr<metrics> counters);

/// Has the account's rules stored if, since the last kept state, service_limits::state_events
/// events have come and also one for every four rules, so that what is written stays in proportion
/// to what has changed. May be called only by the account's actor, and by the registry before it
/// shares the account.
void keep_if_due(const service_parts& parts, loaded_account& loaded);

/// The same after a recovery, and also if that had much to replay.
void keep_after_recovery(const service_parts& parts, loaded_account& loaded,
                         std::size_t replayed_bytes);

} // namespace headwater::actors
