#pragma once

// A worker of the ingest pool. It owns the streams of the connections that hash to it: every change
// of such a connection, a push or a change of its state, goes through this one actor, in order
// within the connection. Detached, because it reads stored rows.
//
// A connection's jobs wait in a lane. Pushes are decided in order, each on what those before it
// leave, and small ones do not wait until those are on the disk: so many pushes to one connection
// share a commit, as those of many connections do. If one of them fails, so do those behind it,
// since each append names the version that it was decided on. A change of the connection's state, a
// large push, and one whose Idempotency-Key is under way wait for all before them:
//
//   decided   p1 p2 p3 | disable | p4 ...
//   commits   |p1| |p2 p3| |disable| |p4 ...|

#include "actors/decisions/ingest_plan.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/shared/metrics.hpp"
#include "actors/shared/named_pages.hpp"
#include "actors/shared/pushes_under_way.hpp"
#include "actors/shared/service_parts.hpp"
#include "actors/shared/turns.hpp"
#include "domain/core/keyed_hash.hpp"

#include <deque>
#include <limits>

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

/// A push that has not been read yet. These take turns by account, because reading and normalising
/// 10,000 rows takes a tenth of a second, and accounts share a worker.
struct unread_push {
  push_request request;
  caf::typed_response_promise<push_reply> reply;
};

/// One connection: its state after all that was decided (nothing: to be read) and the jobs that are
/// waiting.
struct ingest_lane {
  std::optional<referrals::connection> current;
  bool busy = false; ///< a job is under way that no other may follow
  pushes_under_way pushes;
  bool failed = false;               ///< an append of these was not written, so none behind it is
  std::optional<error> refused = {}; ///< why, where the journal refused it
  std::deque<ingest_job> waiting;
};

struct ingest_state {
  static inline const char* name = "ingest";

  service_parts parts;
  journal_actor journal;
  /// How many there may be is decided before (ingest_pool::enter).
  turns<unread_push> unread{std::numeric_limits<std::size_t>::max()};
  text_map<ingest_lane> lanes;
  named_pages named;
  text_set closed; ///< connections of erased accounts
};

ingest_actor::behavior_type ingest(ingest_actor::stateful_pointer<ingest_state> self,
                                   service_parts parts, journal_actor journal);

} // namespace headwater::actors
