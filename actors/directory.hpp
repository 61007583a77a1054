#pragma once

// Accounts, brands and their platforms, API tokens: decides commands on the system stream.
// Detached, because it decides against the projection on disk and keeps no state of its own, so
// that a million accounts cost no memory. Commands that arrive together, or while the ones before
// them are being written, are decided one after the other and appended together
// (decisions/directory_batch.hpp); the next ones only once these are durable and projected.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"

#include <deque>

namespace headwater::actors {

struct directory_job {
  directory_request request;
  caf::typed_response_promise<directory_reply> reply;
};

struct directory_state {
  static inline const char* name = "directory";

  service_parts parts;
  journal_actor journal;
  connections_actor connections;
  eraser_actor eraser;
  std::deque<directory_job> waiting;
  bool busy = false;          ///< commands are being decided or written
  bool drain_is_sent = false; ///< `waiting` will be looked at
};

/// Saves when tokens were last used; called from time to time, and at a clean end. A crash loses
/// one interval at most.
void save_token_uses(const service_parts& parts);

directory_actor::behavior_type directory(directory_actor::stateful_pointer<directory_state> self,
                                         service_parts parts, journal_actor journal,
                                         connections_actor connections, eraser_actor eraser);

} // namespace headwater::actors
