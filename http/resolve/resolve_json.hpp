#pragma once

// POST /resolve with a JSON body: one visit or a list of visits, and optionally a draft, which is a
// set of changes to the rules to try out.

#include "http/gate/gate.hpp"
#include "http/resolve/resolution.hpp"

namespace headwater::http {

/// `with` has the rules as they are stored; a draft in the body changes them for this answer only.
[[nodiscard]] awaitable<result<answer>> resolve_json(exchange& x, resolution with,
                                                     const entered_account& in);

} // namespace headwater::http
