#pragma once

// What the readers of both engines check about each event before they return it. One per read, one
// thread.

#include "domain/core/error.hpp"
#include "store/log/event.hpp"

#include <cstdint>
#include <string_view>

namespace headwater::store {

/// errc::corrupt_log, "stream <stream>, sequence <sequence>: <why>".
[[nodiscard]] error corrupt_event(std::string_view stream, std::uint64_t sequence,
                                  std::string_view why);

/// Checks the events of one stream in order: no gap, rising positions, payload hash and chain.
class stream_checker {
public:
  /// `first` is the sequence of the next event, `before` the chain value of the one before it.
  stream_checker(const stream_name& stream, std::uint64_t first, const digest& before)
      : stream_(stream), next_(first), chain_(before) {}

  [[nodiscard]] result<void> check(const recorded_event& event);
  [[nodiscard]] std::uint64_t next() const { return next_; }
  [[nodiscard]] const digest& chain() const { return chain_; }

private:
  const stream_name& stream_;
  std::uint64_t next_;
  std::uint64_t position_ = 0;
  digest chain_;
};

/// Checks an event of a stream that is read backwards, given the one before it (null: it is the
/// first), of which only sequence, position and chain value count.
[[nodiscard]] result<void> check_after(const recorded_event& event, const recorded_event* before);

/// Checks an event read by its position: position, payload hash.
[[nodiscard]] result<void> check_at_position(const recorded_event& event, std::uint64_t position);

} // namespace headwater::store
