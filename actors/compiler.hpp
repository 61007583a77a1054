#pragma once

// Compiles accounts' rules for the resolver, one account after the other, on a thread of its own.
// Several requests for an account that is waiting its turn count as one. There are two
// (compiler_pair).

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/metrics.hpp"

#include <memory>

namespace headwater::actors {

struct compiler_state {
  static inline const char* name = "compiler";

  std::shared_ptr<metrics> counters;
};

compiler_actor::behavior_type compiler(compiler_actor::stateful_pointer<compiler_state> self,
                                       std::shared_ptr<metrics> counters);

} // namespace headwater::actors
