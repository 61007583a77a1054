#pragma once

// Removes what is left of erased accounts, on a thread of its own: one step after the other, each
// of which may be done again, so that a killed process goes on where it was. What fails is tried
// again after a while.
//
//   closing  the account's actor leaves memory, ingest workers forget its connections
//   events   payload parts and idempotency keys go from the log
//   rows     projections and side facts go
//   files    everything is written anew, for all accounts that have come so far
//
// Invariant: "done" is said when no byte of the data directory has what was erased.

#include "actors/connections.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"

namespace headwater::actors {

struct eraser_state {
  static inline const char* name = "eraser";

  service_parts parts;
  registry_actor registry;
  ingest_pool pool;
  bool retry_is_sent = false;
};

eraser_actor::behavior_type eraser(eraser_actor::stateful_pointer<eraser_state> self,
                                   service_parts parts, registry_actor registry, ingest_pool pool);

} // namespace headwater::actors
