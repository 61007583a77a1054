#include "actors/shared/loaded_account.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace headwater::actors {
namespace {

using attribution::compiled_rules;
using std::chrono::steady_clock;

/// A delta of this size costs less to scan than to compile.
constexpr std::size_t small_delta = 8;

/// The shortest time between two compilations, so that a burst of changes causes one.
constexpr std::chrono::milliseconds shortest_rest{20};

/// The number of events since the last compilation that justifies another one even if no visit has
/// been resolved. It grows with the number of rules, so that the work is in proportion to the
/// changes.
std::uint64_t long_tail(const compiled_rules& base) {
  constexpr std::size_t least = 4'096;
  return std::max(least, base.active_mappings());
}

} // namespace

loaded_account::loaded_account(std::string account_id, const loaded_rules& at_load,
                               compiler_pair compilers)
    : id(std::move(account_id)), kept_version(at_load.state_version),
      compilers_(std::move(compilers)), rules_(at_load.rules), version_(at_load.rules->version()),
      set_(std::make_shared<const attribution::rule_set>(
          at_load.compiled ? at_load.compiled : compiled_rules::none(), *at_load.rules)) {}

// Three values are replaced independently and without locks; each only ever goes forward:
//
//   publish()           rules_ 8, then version_ 8         by the account's actor
//   rule_set()          set_ = base 3 with delta 3..8     by the first reader that sees version_ 8
//   finish_compiling()  set_ = base 8, delta from 9 on    by the compiler
//
// rules_ is stored before version_, so a reader that sees a version finds rules at least as new,
// and a resolve after an answered change sees that change. The delta is made by a reader and not by
// publish(), so that a burst of changes without visits costs no deltas. Compiling at each change
// instead would take time in proportion to all rules for a change of one.
//
// If the exchange fails, another thread was first: `set` is then its set, and is looked at again.
auto loaded_account::catch_up(set_ptr set) -> set_ptr {
  for (;;) {
    const auto newest = rules();
    if (set->version() >= newest->version())
      return set;
    auto next = std::make_shared<const attribution::rule_set>(set->base(), *newest);
    if (set_.compare_exchange_strong(set, next))
      return next;
  }
}

std::shared_ptr<const attribution::rule_set> loaded_account::rule_set() {
  auto set = set_.load(std::memory_order_acquire);
  if (set->version() < version_.load(std::memory_order_acquire))
    set = catch_up(std::move(set));
  if (set->delta_size() > small_delta)
    ask_to_compile();
  return set;
}

void loaded_account::publish(rules_ptr next, const compiled_ptr& compiled, std::size_t changed) {
  const auto version = next->version();
  rules_.store(std::move(next), std::memory_order_release);
  version_.store(version, std::memory_order_release);
  if (compiled)
    adopt(compiled);
  pins_.replace(changed);
  const auto& base = *set_.load(std::memory_order_acquire)->base();
  if (version - base.rules().version() > long_tail(base))
    ask_to_compile();
}

void loaded_account::adopt(const compiled_ptr& compiled) {
  auto set = set_.load(std::memory_order_acquire);
  while (set->base()->rules().version() < compiled->rules().version()) {
    auto next = std::make_shared<const attribution::rule_set>(compiled, *rules());
    if (set_.compare_exchange_strong(set, std::move(next)))
      return;
  }
}

void loaded_account::ask_to_compile() {
  const auto now = steady_clock::now().time_since_epoch().count();
  if (!compilers_.of_few || now < rest_until_.load(std::memory_order_relaxed) ||
      is_compiling_asked_.exchange(true, std::memory_order_acq_rel))
    return;
  caf::anon_send(compilers_.of(rules()->total()), compile_newest{shared_from_this()});
}

rules_ptr loaded_account::begin_compiling() {
  return rules();
}

void loaded_account::finish_compiling(const compiled_ptr& compiled, std::chrono::nanoseconds took) {
  adopt(compiled);
  const auto rest =
      steady_clock::now() + std::max<std::chrono::nanoseconds>(2 * took, shortest_rest);
  rest_until_.store(rest.time_since_epoch().count(), std::memory_order_relaxed);
  // Only now, because a request during the compilation would start another without a rest.
  is_compiling_asked_.store(false, std::memory_order_release);
}

} // namespace headwater::actors
