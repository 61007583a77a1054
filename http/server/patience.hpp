#pragma once

// How long a client may take to read an answer. One thread; knows no clock.

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace headwater::http {

/// A client has to read slowest_reading on average over all of an answer. By how much time it may
/// fall behind that, in all, is its patience. What a fast client has saved is not credited to it:
/// else it could wait with the last pieces for as long as all others might have taken.
class patience {
public:
  using duration = std::chrono::steady_clock::duration;

  /// Bytes a millisecond: 16 KiB a second.
  static constexpr std::size_t slowest_reading = 16;

  explicit patience(duration most) : most_(most), left_(most) {}

  /// Another answer begins.
  void renew() { left_ = most_; }
  /// How long the next piece, of that size, may take.
  [[nodiscard]] duration for_piece(std::size_t bytes) const { return left_ + usual(bytes); }
  /// A piece of that size took so long.
  void count(std::size_t bytes, duration took) {
    left_ = std::clamp(left_ + usual(bytes) - took, duration::zero(), most_);
  }

private:
  static duration usual(std::size_t bytes) {
    return std::chrono::milliseconds(bytes / slowest_reading);
  }

  duration most_;
  duration left_;
};

} // namespace headwater::http
