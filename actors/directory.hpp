#pragma once

// Accounts, brands and their platforms, API tokens: decides commands on the system stream.
// Detached, because it decides against the projection on disk and keeps no state of its own, so
// that a million accounts cost no memory. It takes the next command only when the previous one is
// durable and projected (`.await`).

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"

namespace headwater::actors {

struct directory_state {
  static inline const char* name = "directory";

  service_parts parts;
  journal_actor journal;
  connections_actor connections;
  eraser_actor eraser;
};

/// Saves when tokens were last used; called from time to time, and at a clean end. A crash loses
/// one interval at most.
void save_token_uses(const service_parts& parts);

directory_actor::behavior_type directory(directory_actor::stateful_pointer<directory_state> self,
                                         service_parts parts, journal_actor journal,
                                         connections_actor connections, eraser_actor eraser);

} // namespace headwater::actors
