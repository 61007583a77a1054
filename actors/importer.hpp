#pragma once

// Reads the documents of imports, one after the other, on a thread of its own: 50,000 rows with
// regexes take seconds, too long to block an io thread, a scheduler worker or a reader. Accounts
// take turns, so that an account with many imports delays another by only one of them. Decides
// nothing and writes nothing; a dry run ends here, on the rules passed with it.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"
#include "actors/shared/turns.hpp"

#include <functional>

namespace headwater::actors {

/// A document that is waiting.
struct waiting_import {
  steady_time waits_until;
  std::function<void(std::optional<error>)> run; ///< called once, with an error if it is refused
};

struct importer_state {
  static inline const char* name = "importer";
  static constexpr std::size_t most_of_one = 4; ///< each holds a body of up to 32 MiB

  turns<waiting_import> waiting{most_of_one};
};

importer_actor::behavior_type importer(importer_actor::stateful_pointer<importer_state> self,
                                       service_limits limits);

} // namespace headwater::actors
