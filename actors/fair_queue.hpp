#pragma once

// Hands readings that take long to the readers behind this queue, accounts taking turns: a report
// over a million groups takes a second, and an account that asks for hundreds delays another's by
// one of them for each reader. What nobody waits for any more is not begun.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/turns.hpp"

#include <functional>
#include <string>
#include <vector>

namespace headwater::actors {

struct fair_queue_terms {
  std::string work;            ///< what it hands out, for those who are refused
  std::size_t most_of_one = 1; ///< of one account so much may wait; beyond it 503
};

/// One of the two is called, once.
struct fair_queue_work {
  steady_time waits_until;
  std::function<void(const reader_actor&)> begin;
  std::function<void()> refuse;
};

struct fair_queue_state {
  static inline const char* name = "fair_queue";

  std::string work;
  std::vector<reader_actor> idle;
  turns<fair_queue_work> waiting{1}; ///< the terms set how many
};

/// `readers` answer nobody else. errc::service_unavailable for what is not begun.
fair_queue_actor::behavior_type
fair_queue(fair_queue_actor::stateful_pointer<fair_queue_state> self,
           std::vector<reader_actor> readers, fair_queue_terms terms);

} // namespace headwater::actors
