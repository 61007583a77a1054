#pragma once

// The progress of an erasure as JSON, with the operator's snapshots that still contain the account.

#include "actors/shared/erasure_book.hpp"
#include "http/server/answer.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

[[nodiscard]] awaitable<result<answer>> show_erasure(exchange& x, actors::erasure_progress progress,
                                                     unsigned short status);

} // namespace headwater::http
