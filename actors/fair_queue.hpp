#pragma once

// Hands slow reads to the readers behind this queue. Accounts take turns: a report over a million
// groups takes a second, and an account that asks for hundreds of them delays another account by
// only one per reader. A request whose caller has given up is not started.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/turns.hpp"

#include <functional>
#include <string>
#include <vector>

namespace headwater::actors {

struct fair_queue_terms {
  std::string work;            ///< what the queue hands out, for refusals
  std::size_t most_of_one = 1; ///< how many requests of one account may wait; beyond it 503
};

/// Exactly one of the two is called, once.
struct fair_queue_work {
  steady_time waits_until;
  std::function<void(const reader_actor&)> begin;
  std::function<void()> refuse;
};

struct fair_queue_state {
  static inline const char* name = "fair_queue";

  std::string work;
  std::vector<reader_actor> idle;
  turns<fair_queue_work> waiting{1}; ///< the limit comes from the terms
};

/// No other actor may use `readers`. errc::service_unavailable for requests that are not started.
fair_queue_actor::behavior_type
fair_queue(fair_queue_actor::stateful_pointer<fair_queue_state> self,
           std::vector<reader_actor> readers, fair_queue_terms terms);

} // namespace headwater::actors
