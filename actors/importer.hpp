#pragma once

// Reads the documents of imports, one after the other, on a thread of its own: 50,000 rows with
// regexes take seconds, which neither an io thread nor a scheduler worker nor a reader may be held
// for. Accounts take turns, so that an account with many imports delays another by one of them.
// Decides nothing and writes nothing; a dry run ends here, on the rules that it was given.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

#include <deque>
#include <functional>
#include <map>

namespace headwater::actors {

/// A document that waits. Called once, with the error that it is refused with, or none.
using waiting_import = std::function<void(std::optional<error>)>;

struct importer_state {
  static inline const char* name = "importer";

  struct entry {
    steady_time waits_until;
    waiting_import run;
  };
  std::map<std::string, std::deque<entry>> waiting; ///< by account, none empty
  std::string last_turn;                            ///< the account that had it
};

importer_actor::behavior_type importer(importer_actor::stateful_pointer<importer_state> self,
                                       service_limits limits);

} // namespace headwater::actors
