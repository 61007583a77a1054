#pragma once

// POST /resolve with a draft of rules: visits resolved as if the draft were stored and, if
// requested, compared with what the stored rules say. Nothing is stored, and no actor is asked.

#include "actors/protocol/interfaces.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// `with` has the rules stored in `loaded`; `request` must have a draft.
[[nodiscard]] awaitable<result<answer>> resolve_what_if(exchange& x, const resolution& with,
                                                        actors::loaded_account_ptr loaded,
                                                        attribution::resolve_request request);

} // namespace headwater::http
