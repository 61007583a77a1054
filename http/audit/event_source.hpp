#pragma once

// Where answers of GET /events have their events from: a reader gives a bounded piece at a time,
// and memory is counted before a long event is read. On a handler's stack.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <chrono>
#include <memory>

namespace headwater::http {

/// Reads on and on behind what it has read. What it gives is at most a piece, or one event that is
/// longer, which counts as an answer's memory until the next one is asked for.
class event_source {
public:
  static constexpr std::size_t piece_size = 64 * 1024; ///< bytes of events that are read at a time

  event_source(exchange& x, actors::read_events wanted) : x_(x), wanted_(std::move(wanted)) {}

  /// The next piece; it may hold no events. errc::service_unavailable where there is no memory for
  /// a long event, or no turn; an answer that has begun waits for either for up to `patience`.
  [[nodiscard]] awaitable<actors::events_reply> next(std::chrono::milliseconds patience);

  /// What comes from now on is not wanted.
  void end_at(std::uint64_t number) { wanted_.until = number; }

  /// There will be nothing more that is wanted.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] bool is_caught_up() const { return is_caught_up_; }

private:
  [[nodiscard]] awaitable<actors::events_reply> ask_for(std::size_t room);
  [[nodiscard]] awaitable<actors::events_reply> read();
  [[nodiscard]] actors::events_reply taken(actors::events_reply page);

  exchange& x_;
  actors::read_events wanted_;
  std::size_t needs_ = 0; ///< room for the next event, where it is a long one
  std::shared_ptr<const void> borrowed_;
  bool is_over_ = false;
  bool is_caught_up_ = false;
};

} // namespace headwater::http
