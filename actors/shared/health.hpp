#pragma once

// Whether the service may take writes, as /readyz tells it. Written by the journal, read by every
// io thread.

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

namespace headwater::actors {

class health {
public:
  /// True until a write has failed.
  [[nodiscard]] bool writable() const noexcept { return writable_.load(std::memory_order_acquire); }

  /// Why writes are refused; empty while they are not.
  [[nodiscard]] std::string reason() const {
    std::lock_guard hold{lock_};
    return reason_;
  }

  /// Refuses writes from now on. Only reopening the database allows them again, so there is no way
  /// back.
  void stop_writes(std::string why) {
    std::lock_guard hold{lock_};
    if (reason_.empty())
      reason_ = std::move(why);
    writable_.store(false, std::memory_order_release);
  }

private:
  std::atomic<bool> writable_ = true;
  mutable std::mutex lock_;
  std::string reason_;
};

} // namespace headwater::actors
