#pragma once

// What the routes of accounts and of API tokens have in common: a POST's way to a command of the
// directory, and the directory's answer.

#include "actors/interfaces.hpp"
#include "http/entrance.hpp"
#include "http/exchange.hpp"

#include <optional>

namespace headwater::http {

/// The body of a creation, and what the log notes of it.
struct creation {
  actors::origin by;
  draft body;
  bool strict = false;
};

/// Reads Idempotency-Key and body of a POST. Nothing: it has faults, and that is answered.
[[nodiscard]] awaitable<std::optional<creation>> read_creation(exchange& x, actors::token_ptr who);

/// Sends a command to the directory. Nothing: it was refused, and that is answered. Says where the
/// answer is that of an earlier request.
[[nodiscard]] awaitable<std::optional<actors::directory_outcome>>
send_to_directory(exchange& x, actors::directory_request request);

} // namespace headwater::http
