#pragma once

// Work waiting per account, and whose turn it is: each account's work in order, and accounts one
// after the other, so that one with much work delays the others by only one piece of it. Part of an
// actor's state; no thread of its own.

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace headwater::actors {

template <class Work>
class turns {
public:
  /// The most work that may wait for one account.
  explicit turns(std::size_t most_of_one) : most_of_one_(most_of_one) {}

  /// False if as much work as allowed is already waiting for the account.
  [[nodiscard]] bool add(const std::string& account_id, Work work) {
    auto& queue = waiting_[account_id]; // never left empty: the limit is at least 1
    if (queue.size() >= most_of_one_)
      return false;
    queue.push_back(std::move(work));
    return true;
  }

  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  /// The oldest work of the account after the one that had the last turn. Must not be empty().
  [[nodiscard]] Work next() {
    auto turn = waiting_.upper_bound(last_);
    if (turn == waiting_.end())
      turn = waiting_.begin();
    last_ = turn->first;
    auto work = std::move(turn->second.front());
    turn->second.pop_front();
    if (turn->second.empty())
      waiting_.erase(turn);
    return work;
  }

private:
  // Ordered, so that the account after last_ can be found even if last_ itself has nothing waiting
  // any more: an account that empties its queue and comes back gains no turn.
  std::size_t most_of_one_;
  std::map<std::string, std::deque<Work>> waiting_;
  std::string last_;
};

} // namespace headwater::actors
