#pragma once

// How full the disk is, as the journal last saw it. Written by the journal, read by every io thread
// and by actors that write what can wait. Lock-free.

#include "actors/protocol/log_messages.hpp"
#include "store/disk/disk_space.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace headwater::actors {

/// The error for what a full disk refuses: `then` says what holds below so many bytes.
[[nodiscard]] error storage_full(std::uint64_t left, std::uint64_t below, std::string_view then);

class disk_status {
public:
  /// Whether changes that add are refused.
  [[nodiscard]] bool is_low() const { return is_low_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t left() const { return left_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t mark() const { return mark_.load(std::memory_order_relaxed); }

  void set(const store::disk_room& seen, bool is_low) {
    left_.store(seen.left(), std::memory_order_relaxed);
    mark_.store(seen.mark, std::memory_order_relaxed);
    is_low_.store(is_low, std::memory_order_relaxed);
  }

private:
  std::atomic<std::uint64_t> left_ = 0; ///< bytes, without what memory will still write
  std::atomic<std::uint64_t> mark_ = 0;
  std::atomic<bool> is_low_ = false;
};

} // namespace headwater::actors
