#pragma once

// A counted resource with a limit in total and a limit for each holder, so that no single one takes
// it all: seats of clients that follow events, places in a worker's queue, bytes of bodies in
// memory. Any thread.

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace headwater::actors {

class shares {
public:
  /// The limits in total and for each holder. The last `for_small` of the whole go only to holders
  /// that have `small` at most with it: so a few of them cannot take it all, whatever each may
  /// have.
  shares(std::size_t in_all, std::size_t of_one, std::size_t for_small = 0, std::size_t small = 1)
      : in_all_(in_all), of_one_(of_one), for_small_(for_small), small_(small) {}
  shares(const shares&) = delete;
  shares& operator=(const shares&) = delete;

  /// Takes `amount` for this holder until the result is released; null if not enough is left. The
  /// result must not outlive this.
  [[nodiscard]] std::shared_ptr<const void> take(const std::string& who, std::size_t amount = 1) {
    std::lock_guard hold{lock_};
    const auto found = by_name_.find(who);
    const auto mine = found == by_name_.end() ? 0 : found->second;
    const auto open = mine + amount > small_ ? in_all_ - for_small_ : in_all_;
    if (taken_ + amount > open || mine + amount > of_one_)
      return nullptr;
    by_name_[who] = mine + amount;
    taken_ += amount;
    return {this, [this, who, amount](const void*) { give_back(who, amount); }};
  }

  /// The limit for each holder.
  [[nodiscard]] std::size_t of_one() const { return of_one_; }

private:
  void give_back(const std::string& who, std::size_t amount) {
    std::lock_guard hold{lock_};
    taken_ -= amount;
    const auto at = by_name_.find(who);
    at->second -= amount;
    if (at->second == 0)
      by_name_.erase(at);
  }

  const std::size_t in_all_;
  const std::size_t of_one_;
  const std::size_t for_small_;
  const std::size_t small_;
  std::mutex lock_;
  std::size_t taken_ = 0;
  std::map<std::string, std::size_t> by_name_;
};

} // namespace headwater::actors
