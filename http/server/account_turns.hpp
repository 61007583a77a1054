#pragma once

// Whose work an io thread does next. The work of an account that has used little time of late
// begins at once. That of an account that has used much is done in turns: one piece of one account,
// then whatever else is ready on the thread, then a piece of the next account. So an account delays
// the others by the length of one piece, however many connections it has. Belongs to one io thread.

#include "actors/shared/turns.hpp"
#include "domain/core/keyed_hash.hpp"
#include "http/server/asio.hpp"

#include <chrono>
#include <functional>
#include <limits>
#include <string>

namespace headwater::http {

class account_turns {
public:
  using steady = std::chrono::steady_clock;

  /// Shorter work is not counted: it is over before a turn would be worth its price.
  static constexpr std::chrono::microseconds shortest_counted{50};
  /// An account that uses more than `much` within `window` waits for its turns until it has used
  /// less than that for as long again.
  static constexpr std::chrono::milliseconds window{100};
  static constexpr std::chrono::milliseconds much{2};

  explicit account_turns(asio::io_context& context) : context_(context) {}

  /// Notes that work of the account has just taken that long.
  void charge(const std::string& account, steady::duration used, steady::time_point now);

  /// Whether any account has used time of late that was counted.
  [[nodiscard]] bool counts_any() const { return !accounts_.empty(); }

  /// Whether work of the account has to wait for its turn.
  [[nodiscard]] bool must_wait(const std::string& account, steady::time_point now) const;

  /// Continues when it is the account's turn, and others have had theirs.
  [[nodiscard]] awaitable<void> next(const std::string& account);

  /// Forgets accounts that have used little of late; called by the io thread's tick.
  void forget_idle(steady::time_point now);

private:
  struct usage {
    steady::time_point since;
    steady::duration used{};
    steady::time_point busy_until = steady::time_point::min();
  };

  void add(const std::string& account, std::function<void()> work);
  void schedule();
  void do_one();

  asio::io_context& context_;
  text_map<usage> accounts_;
  // A connection has one request at a time, so the connections' limit bounds this.
  actors::turns<std::function<void()>> waiting_{std::numeric_limits<std::size_t>::max()};
  bool scheduled_ = false;
};

/// How many requests an account has at work on an io thread, once that has so many that they are
/// counted. Used on that thread alone.
class account_places {
public:
  account_places() = default;
  account_places(const account_places&) = delete;
  account_places& operator=(const account_places&) = delete;

  /// A place for a request of this account until the result is released; null if it has `most`. The
  /// result must not outlive this.
  [[nodiscard]] std::shared_ptr<const void> take(const std::string& account, std::size_t most) {
    auto& mine = taken_[account];
    if (mine >= most)
      return nullptr;
    ++mine;
    return {this, [this, account](const void*) { give_back(account); }};
  }

private:
  void give_back(const std::string& account) {
    const auto found = taken_.find(account);
    if (--found->second == 0)
      taken_.erase(found);
  }

  text_map<std::size_t> taken_;
};

} // namespace headwater::http
