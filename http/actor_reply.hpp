#pragma once

// Asks an actor of the service and gives its reply; what CAF or the clock has to say becomes an
// error of the reply's own type.

#include "domain/core/error.hpp"
#include "http/bridge.hpp"
#include "http/exchange.hpp"
#include "http/io_thread.hpp"

namespace headwater::http {

/// Whether the question changes something: then a missing answer leaves its outcome unknown.
enum class intent : std::uint8_t { read = 1, write };

[[nodiscard]] inline error to_error(ask_failure why, intent what) {
  switch (why) {
  case ask_failure::receiver_down:
    return {errc::service_unavailable, "The service is busy; retry"};
  case ask_failure::timed_out:
    if (what == intent::write)
      return {errc::outcome_unknown,
              "The change may or may not have been made; read before retrying"};
    return {errc::service_unavailable, "Timed out; retry"};
  case ask_failure::stopping:
    if (what == intent::write)
      return {errc::outcome_unknown, "The service is stopping; read before retrying"};
    return {errc::service_unavailable, "The service is stopping"};
  }
  return {errc::internal_error, "Internal error"};
}

/// Give `message` as a named object, not as `message_type{...}`: gcc 12 copies an aggregate that is
/// made inside a co_await expression byte by byte into the coroutine's frame.
template <class Reply, class Handle, class Message>
awaitable<Reply> ask(exchange& x, Handle to, intent what, Message message) {
  auto answer = co_await x.thread().actors->ask<Reply>(std::move(to), x.limits().command_timeout,
                                                       std::move(message));
  if (auto* reply = std::get_if<Reply>(&answer))
    co_return std::move(*reply);
  co_return to_error(std::get<ask_failure>(answer), what);
}

} // namespace headwater::http
