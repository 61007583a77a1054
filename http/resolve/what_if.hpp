#pragma once

// POST /resolve with a draft of rules: visits resolved as if it were stored, beside what the stored
// rules say if the request compares. Nothing is stored, and no actor is asked.

#include "actors/protocol/interfaces.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// `with` are the rules as stored in `loaded`; `request` has a draft.
[[nodiscard]] awaitable<result<answer>> resolve_what_if(exchange& x, const resolution& with,
                                                        actors::loaded_account_ptr loaded,
                                                        attribution::resolve_request request);

} // namespace headwater::http
