#pragma once

// The chain values of the most recently committed events, so that the Merkle tree grows without
// reading them back. Owned by a log, which guards it; bounded.

#include "domain/core/digest.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace headwater::store {

class recent_chains {
public:
  /// 2 MiB: what a busy journal commits in two seconds.
  static constexpr std::size_t capacity = std::size_t{1} << 16;

  /// Adds the next event, whose position is one more than the last.
  void add(std::uint64_t position, const digest& chain) {
    if (held_.size() == capacity)
      held_.pop_front();
    held_.push_back(chain);
    last_ = position;
  }

  /// The chain values of `count` positions beginning with `from`, none of which may be beyond the
  /// last one; nothing if the first of them is no longer held.
  [[nodiscard]] std::vector<digest> get(std::uint64_t from, std::size_t count) const {
    if (from > last_ || last_ - from >= held_.size())
      return {};
    const auto first = held_.end() - static_cast<std::ptrdiff_t>(last_ - from + 1);
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }

private:
  std::deque<digest> held_;
  std::uint64_t last_ = 0;
};

} // namespace headwater::store
