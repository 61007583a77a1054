#pragma once

// How far an erasure has come, as it is shown, with the operator's snapshots that hold it still.

#include "actors/shared/erasure_book.hpp"
#include "http/server/answer.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

[[nodiscard]] awaitable<result<answer>> show_erasure(exchange& x, actors::erasure_progress progress,
                                                     unsigned short status);

} // namespace headwater::http
