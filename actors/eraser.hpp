#pragma once

// Removes what is left of erased accounts, on a thread of its own, step by step. Each step may be
// repeated, so that a killed process continues where it was. A failed step is tried again after a
// while, which doubles with each failure (erasure_pause).
//
//   closing  the account's actor leaves memory, ingest workers forget its connections
//   events   payload parts and idempotency keys are removed from the log
//   rows     rows of projections and side facts are deleted
//   files    everything is rewritten, for all accounts that have got this far
//
// Invariant: "done" is reported only when no byte of the data directory holds what was erased.

#include "actors/connections.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"

#include <chrono>

namespace headwater::actors {

struct eraser_state {
  static inline const char* name = "eraser";

  service_parts parts;
  registry_actor registry;
  ingest_pool pool;
  unsigned failures = 0;                            ///< in a row
  std::chrono::steady_clock::time_point retry_at{}; ///< when the next attempt is due by itself
};

eraser_actor::behavior_type eraser(eraser_actor::stateful_pointer<eraser_state> self,
                                   service_parts parts, registry_actor registry, ingest_pool pool);

} // namespace headwater::actors
