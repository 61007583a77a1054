#pragma once

// Hands reports to the readers that compute them, accounts taking turns: a report over a million
// groups takes a second, and an account that asks for hundreds delays another's by one of them. A
// report that nobody waits for any more is not computed.

#include "actors/interfaces.hpp"
#include "actors/reader.hpp"
#include "actors/turns.hpp"

#include <vector>

namespace headwater::actors {

struct waiting_report {
  report_request request;
  caf::typed_response_promise<report_reply> reply;
};

struct report_desk_state {
  static inline const char* name = "report_desk";
  static constexpr std::size_t most_of_one = 32; ///< reports of one account that wait; then 503

  std::vector<reader_actor> idle;
  turns<waiting_report> waiting{most_of_one};
};

report_desk_actor::behavior_type
report_desk(report_desk_actor::stateful_pointer<report_desk_state> self, reader_pool readers);

} // namespace headwater::actors
