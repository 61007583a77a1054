#pragma once

// Reads the documents of imports, one after the other, on a thread of its own: 50,000 rows with
// regexes take seconds, which neither an io thread nor a scheduler worker nor a reader may be held
// for. Decides nothing and writes nothing; a dry run ends here, on the rules that it was given.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"

namespace headwater::actors {

struct importer_state {
  static inline const char* name = "importer";
};

importer_actor::behavior_type importer(importer_actor::stateful_pointer<importer_state> self,
                                       service_limits limits);

} // namespace headwater::actors
