#pragma once

// The journal: the one writer of the event log. It runs detached, because it waits for the disk.
//
// Group commit: each append that arrives is kept; a `flush` that the journal sends to itself comes
// up behind all appends that are in the mailbox by then, and makes them durable together with one
// synced write. While that write is under way the next group gathers.
//
// An append beyond a quota, or one that a full disk has no room for, is refused as it arrives: it
// was never part of a group.
//
// After a failed write every append is refused until a restart; a write is never retried.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/admission.hpp"
#include "actors/shared/health.hpp"
#include "actors/shared/metrics.hpp"
#include "domain/core/clock_check.hpp"
#include "domain/core/keyed_hash.hpp"
#include "store/log/event_log.hpp"

#include <memory>
#include <string>
#include <vector>

namespace headwater::actors {

struct journal_state {
  static inline const char* name = "journal";

  std::shared_ptr<store::event_log> log;
  std::shared_ptr<health> status;
  std::shared_ptr<metrics> counters;

  /// Appends waiting for the next flush, with the promises to their senders at equal indexes.
  std::vector<store::append_request> waiting;
  std::vector<caf::typed_response_promise<store::append_outcome>> promises;
  std::vector<std::vector<taken_room>> rooms; ///< what they count for
  /// Appends to closed streams, answered at the next flush, because their closing may be waiting
  /// for it.
  std::vector<caf::typed_response_promise<store::append_outcome>> refused;
  /// The streams that an append closes, by its index in `waiting`.
  std::vector<std::pair<std::size_t, std::vector<store::stream_name>>> closing;
  clock_watch clock;
  text_set closed;                   ///< for as long as the process lives
  std::unique_ptr<admission> admits; ///< null: everything
};

journal_actor::behavior_type journal(journal_actor::stateful_pointer<journal_state> self,
                                     std::shared_ptr<store::event_log> log,
                                     std::shared_ptr<health> status,
                                     std::shared_ptr<metrics> counters,
                                     std::unique_ptr<admission> admits);

} // namespace headwater::actors
