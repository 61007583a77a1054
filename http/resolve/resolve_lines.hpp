#pragma once

// POST /resolve with an NDJSON body: one visit a line in, one result a line out.

#include "actors/protocol/interfaces.hpp"
#include "http/resolve/resolution.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// Reads, resolves and writes piece by piece: neither body nor answer is ever whole in memory, and
/// a client that does not read stops the reading, too. A line that is no visit is an error line in
/// its place. A token that is revoked meanwhile ends the stream with an error line. The rules are
/// those of the account when this begins.
[[nodiscard]] awaitable<result<answer>> resolve_lines(exchange& x, resolution with,
                                                      actors::loaded_account_ptr account);

} // namespace headwater::http
