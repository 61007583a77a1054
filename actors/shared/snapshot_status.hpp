#pragma once

// The newest attempt at a snapshot, and whether one is under way: only one at a time. Thread-safe;
// written by the snapshotter and by those who request a snapshot, read by every io thread.

#include "actors/protocol/snapshot_attempt.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace headwater::actors {

class snapshot_status {
public:
  /// Notes that an attempt begins; false while another is under way.
  [[nodiscard]] bool try_begin(micros now) {
    std::lock_guard hold{lock_};
    if (last_ && last_->is_running())
      return false;
    last_ = snapshot_attempt{now, 0, {}, false, nullptr};
    return true;
  }

  /// Records the result of the current attempt, and returns it.
  snapshot_attempt finish(micros now,
                          const result<std::shared_ptr<const snapshots::made_snapshot>>& outcome) {
    std::lock_guard hold{lock_};
    last_->finished_at = now;
    if (outcome)
      last_->made = *outcome;
    else {
      last_->reason = outcome.error().message;
      last_->is_disk_full = outcome.error().code == errc::storage_full;
    }
    return *last_;
  }

  /// Nothing before the first attempt.
  [[nodiscard]] std::optional<snapshot_attempt> last() const {
    std::lock_guard hold{lock_};
    return last_;
  }

  /// Makes the current attempt end at its next check; the service is stopping.
  void stop() { is_stopping_ = true; }
  [[nodiscard]] bool is_stopping() const { return is_stopping_; }

private:
  mutable std::mutex lock_;
  std::optional<snapshot_attempt> last_;
  std::atomic<bool> is_stopping_ = false;
};

} // namespace headwater::actors
