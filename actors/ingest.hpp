#pragma once

// A worker of the ingest pool. It owns the streams of the connections that hash to it: every change
// of such a connection, a push or a change of its state, goes through this one actor, in order
// within the connection. Detached, because it reads stored rows.
//
// A connection's jobs wait in a lane while one of them is on its way to the disk. Other connections
// go on, so small batches of many connections share a commit.

#include "actors/decisions/ingest_plan.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/shared/metrics.hpp"
#include "actors/shared/named_pages.hpp"
#include "actors/shared/service_parts.hpp"
#include "domain/core/keyed_hash.hpp"

#include <deque>

namespace headwater::actors {

struct push_job {
  origin by;
  queue_place place;
  screened_push screened; ///< read while earlier jobs were on their way to the disk
  caf::typed_response_promise<push_reply> reply;
};
struct change_job {
  connection_change request;
  caf::typed_response_promise<connection_reply> reply;
};
using ingest_job = std::variant<push_job, change_job>;

/// One connection: its last durable state (nothing: not read yet) and the jobs that are waiting.
struct ingest_lane {
  std::optional<referrals::connection> current;
  bool busy = false;
  std::deque<ingest_job> waiting;
};

struct ingest_state {
  static inline const char* name = "ingest";

  service_parts parts;
  journal_actor journal;
  text_map<ingest_lane> lanes;
  named_pages named;
  text_set closed; ///< connections of erased accounts
};

ingest_actor::behavior_type ingest(ingest_actor::stateful_pointer<ingest_state> self,
                                   service_parts parts, journal_actor journal);

} // namespace headwater::actors
