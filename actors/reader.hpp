#pragma once

// A reader: a detached actor for everything that waits for the disk without writing: replaying an
// account, look-ups that fill a cache, lists and reports. A small pool serves the whole process, so
// a slow report delays no commit and no scheduler worker.

#include "actors/protocol/interfaces.hpp"
#include "actors/shared/service_parts.hpp"
#include "actors/views/platform_history.hpp"
#include "actors/views/time_travel.hpp"

#include <atomic>
#include <vector>

namespace headwater::actors {

/// The readers; next() returns them in turn. Any thread.
class reader_pool {
public:
  reader_pool() = default;
  explicit reader_pool(std::vector<reader_actor> readers)
      : readers_(std::move(readers)), turn_(std::make_shared<std::atomic<std::size_t>>(0)) {}

  [[nodiscard]] const reader_actor& next() const {
    return readers_[turn_->fetch_add(1, std::memory_order_relaxed) % readers_.size()];
  }
  [[nodiscard]] const std::vector<reader_actor>& readers() const { return readers_; }

private:
  std::vector<reader_actor> readers_;
  std::shared_ptr<std::atomic<std::size_t>> turn_;
};

struct reader_state {
  static inline const char* name = "reader";

  // Used only by the reader that answers questions about the past.
  recollections past;
  platform_history platforms;
};

reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self,
                                   const service_parts& parts);

} // namespace headwater::actors
