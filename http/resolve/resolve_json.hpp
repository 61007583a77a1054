#pragma once

// POST /resolve with a JSON body: one visit or a list of them, and drafted rules to try on them.

#include "http/gate/gate.hpp"
#include "http/resolve/resolution.hpp"

namespace headwater::http {

/// `with` are the rules as stored in the account.
[[nodiscard]] awaitable<result<answer>> resolve_json(exchange& x, const resolution& with,
                                                     const entered_account& in);

} // namespace headwater::http
