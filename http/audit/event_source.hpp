#pragma once

// Supplies the events for answers of GET /events: a reader returns a bounded piece at a time, and
// memory is reserved before a long event is read. On a handler's stack.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <chrono>
#include <memory>

namespace headwater::http {

/// Continues where the last call ended. Returns at most one piece, or a single longer event, which
/// counts towards the memory for answers until the next call.
class event_source {
public:
  static constexpr std::size_t piece_size = 64 * 1024; ///< bytes of events read at a time

  event_source(exchange& x, actors::read_events wanted) : x_(x), wanted_(std::move(wanted)) {}

  /// The next piece; may contain no events. errc::service_unavailable if there is no memory for a
  /// long event, or no turn; an answer that has begun waits for either, up to `patience`.
  [[nodiscard]] awaitable<actors::events_reply> next(std::chrono::milliseconds patience);

  /// Stops after the event with this number.
  void end_at(std::uint64_t number) { wanted_.until = number; }

  /// Whether no more events are wanted.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] bool is_caught_up() const { return is_caught_up_; }

private:
  [[nodiscard]] awaitable<actors::events_reply> ask_for(std::size_t room);
  [[nodiscard]] awaitable<actors::events_reply> read();
  [[nodiscard]] actors::events_reply taken(actors::events_reply page);

  exchange& x_;
  actors::read_events wanted_;
  std::size_t needs_ = 0; ///< room for the next event, if it is a long one
  std::shared_ptr<const void> borrowed_;
  bool is_over_ = false;
  bool is_caught_up_ = false;
};

} // namespace headwater::http
