#include "actors/compiler.hpp"

#include "actors/shared/loaded_account.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace headwater::actors {
namespace {

/// Compiles, and returns how long it took.
std::pair<compiled_ptr, std::chrono::nanoseconds> compile(const rules_ptr& rules,
                                                          metrics& counters) {
  const auto began = std::chrono::steady_clock::now();
  auto compiled = std::make_shared<const attribution::compiled_rules>(*rules);
  const auto took = std::chrono::steady_clock::now() - began;
  counters.compile_time.Observe(std::chrono::duration<double>(took).count());
  return {std::move(compiled), took};
}

} // namespace

compiler_actor::behavior_type compiler(compiler_actor::stateful_pointer<compiler_state> self,
                                       std::shared_ptr<metrics> counters) {
  self->state.counters = std::move(counters);
  return {
      [self](const compile_newest& wanted) {
        const auto rules = wanted.loaded->begin_compiling();
        const auto [compiled, took] = compile(rules, *self->state.counters);
        wanted.loaded->finish_compiling(compiled, took);
        // Only once the set is in use: until then, a visit that needs one of these compiles it
        // itself.
        compiled->prepare_common_regexes();
      },
      [self](const compile_these& wanted) {
        return compile(wanted.rules, *self->state.counters).first;
      },
  };
}

} // namespace headwater::actors
