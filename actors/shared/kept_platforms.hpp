#pragma once

// The AI platforms that count for an account, kept beside its rules. Any thread; get() takes no
// lock.
//
// Invariant (read your writes): get() returns nothing made from what a brand had before forget().
// Who makes a value calls generation() before reading what it is made of, and offers the value with
// it; a forget() in between refuses the offer.

#include "domain/hosts/ai_platforms.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace headwater::actors {

class kept_platforms {
public:
  /// Null: not known; a reader has to make them.
  [[nodiscard]] attribution::ai_platforms_ptr get() const {
    return kept_.load(std::memory_order_acquire);
  }

  [[nodiscard]] std::uint64_t generation() const {
    std::lock_guard hold{lock_};
    return generation_;
  }

  /// `entries`: how many the brands have added.
  void offer(attribution::ai_platforms_ptr made, std::size_t entries, std::uint64_t generation) {
    std::lock_guard hold{lock_};
    if (generation != generation_)
      return;
    entries_.store(entries, std::memory_order_relaxed);
    kept_.store(std::move(made), std::memory_order_release);
  }

  /// How many own entries the newest one has that was kept here; it may be forgotten by now.
  [[nodiscard]] std::size_t entries() const { return entries_.load(std::memory_order_relaxed); }

  /// Called after a durable change of the account's brands or of what they have added, before it is
  /// answered.
  void forget() {
    std::lock_guard hold{lock_};
    ++generation_;
    kept_.store(nullptr, std::memory_order_release);
  }

private:
  mutable std::mutex lock_; // of those that change it
  std::uint64_t generation_ = 0;
  std::atomic<attribution::ai_platforms_ptr> kept_;
  std::atomic<std::size_t> entries_ = 0;
};

} // namespace headwater::actors
