#pragma once

// The chain values of the events that were committed last, so that the Merkle tree grows without
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

  /// Notes the next event: its position follows that of the one before.
  void add(std::uint64_t position, const digest& chain) {
    if (held_.size() == capacity)
      held_.pop_front();
    held_.push_back(chain);
    last_ = position;
  }

  /// `count` of them from a position on, of which none is beyond the last; nothing where the first
  /// is not held any more.
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
