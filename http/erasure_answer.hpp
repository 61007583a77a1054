#pragma once

// How far an erasure has come, as it is shown, with the operator's snapshots that hold it still.

#include "actors/erasure_book.hpp"
#include "http/exchange.hpp"

namespace headwater::http {

/// Answers with the erasure.
[[nodiscard]] awaitable<void> answer_erasure(exchange& x, actors::erasure_progress progress,
                                             unsigned short status);

} // namespace headwater::http
