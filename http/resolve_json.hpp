#pragma once

// POST /resolve with a JSON body: one visit or a list of them, and drafted rules to try on them.

#include "actors/interfaces.hpp"
#include "http/exchange.hpp"
#include "http/resolving.hpp"

namespace headwater::http {

/// `with` are the rules as stored in `slot`.
[[nodiscard]] awaitable<void> resolve_json(exchange& x, const resolving& with,
                                           actors::token_ptr who, actors::slot_ptr slot);

} // namespace headwater::http
