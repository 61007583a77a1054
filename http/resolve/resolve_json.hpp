#pragma once

// POST /resolve with a JSON body: one visit or a list of them, optionally with drafted rules to
// try.

#include "http/gate/gate.hpp"
#include "http/resolve/resolution.hpp"

namespace headwater::http {

/// `with` has the account's rules as stored.
[[nodiscard]] awaitable<result<answer>> resolve_json(exchange& x, const resolution& with,
                                                     const entered_account& in);

} // namespace headwater::http
