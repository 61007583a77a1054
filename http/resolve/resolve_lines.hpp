#pragma once

// POST /resolve with an NDJSON body: one visit per line in, one result per line out.

#include "actors/protocol/interfaces.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// Reads, resolves and writes piece by piece: neither body nor answer is ever completely in memory,
/// and a client that stops reading also stops us from reading more. A line that is not a visit
/// becomes an error line. If the token is revoked meanwhile, the stream ends with an error line.
/// The rules are those of the account at the start.
[[nodiscard]] awaitable<result<answer>> resolve_lines(exchange& x, resolution with,
                                                      actors::loaded_account_ptr account);

} // namespace headwater::http
