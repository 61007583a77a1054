#pragma once

// An account in memory: where to send commands, its rules after the last durable event, and the
// same compiled for the resolver. Made by the registry. Only the account's actor publishes rules,
// the compiler swaps in what it has compiled, and readers on any thread take both without a lock.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/interfaces.hpp"
#include "actors/shared/kept_platforms.hpp"
#include "actors/shared/rule_pins.hpp"
#include "domain/resolve/rule_set.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

namespace headwater::actors {

class loaded_account : public std::enable_shared_from_this<loaded_account> {
public:
  loaded_account(std::string account_id, const loaded_rules& at_load, compiler_pair compilers);

  const std::string id;
  account_actor commands;                ///< set by the registry before the account is shared
  std::atomic<micros> last_used = now(); ///< for passivation
  std::uint64_t kept_version;            ///< of the newest kept state; see keep_if_due()
  kept_platforms platforms;              ///< those that count for its visits

  [[nodiscard]] rules_ptr rules() const { return rules_.load(std::memory_order_acquire); }

  /// The rules in the resolver's form, as new as rules(). If many have changed since they were
  /// compiled, asks the compiler but does not wait for it.
  [[nodiscard]] std::shared_ptr<const attribution::rule_set> rule_set();

  /// For an answer that may wait for its client with the current rules: call it before rules() or
  /// rule_set(), and keep the result as long. The answer must end once that is true. Platforms that
  /// its brands have added count as rules.
  [[nodiscard]] rule_pins::flag pin() { return pins_.take(rules()->total() + platforms.entries()); }

  /// What its brands have added to the platforms is something else now.
  void forget_platforms() {
    platforms.forget();
    pins_.replace(platforms.entries()); // all of them are made anew
  }

  /// `compiled` must come from `next`, or be null. `changed`: how many rules differ from the last.
  void publish(rules_ptr next, const compiled_ptr& compiled = nullptr, std::size_t changed = 0);

  // For the compiler.

  /// The rules to compile now; later changes cause another request.
  [[nodiscard]] rules_ptr begin_compiling();
  /// Swaps in what took so long to compile. The next compilation starts no sooner than twice that
  /// time later, and at least 20 ms, so that an account that keeps changing leaves the machine to
  /// others.
  void finish_compiling(const compiled_ptr& compiled, std::chrono::nanoseconds took);

private:
  using set_ptr = std::shared_ptr<const attribution::rule_set>;

  [[nodiscard]] set_ptr catch_up(set_ptr set);
  void adopt(const compiled_ptr& compiled);
  void ask_to_compile();

  const compiler_pair compilers_; ///< none in tests that compile nothing
  // load() of libstdc++ 12's atomic shared_ptr releases its lock with relaxed order: right on
  // x86-64, where each such instruction is a full fence, and not on other processors.
  std::atomic<rules_ptr> rules_;
  std::atomic<std::uint64_t> version_; // of rules_, stored after it
  std::atomic<set_ptr> set_;
  rule_pins pins_;
  std::atomic<bool> is_compiling_asked_ = false;
  std::atomic<std::chrono::steady_clock::rep> rest_until_ = 0;
};

} // namespace headwater::actors
