#pragma once

// Accounts, brands and API tokens: decides on the system stream. Detached, because it decides
// against the projection on disk and keeps no state of its own, so a million accounts cost no
// memory. It takes the next command only when the one before is durable and projected (`.await`).

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

namespace headwater::actors {

struct directory_state {
  static inline const char* name = "directory";

  service_parts parts;
  journal_actor journal;
};

directory_actor::behavior_type directory(directory_actor::stateful_pointer<directory_state> self,
                                         service_parts parts, journal_actor journal);

} // namespace headwater::actors
