#pragma once

// How many requests a client may send: by token, before its scope is looked at, and without a valid
// one by address. Private to http/gate.

#include "domain/core/token_bucket.hpp"
#include "http/gate/gate.hpp"

#include <optional>

namespace headwater::http {

/// The rate at which a token's requests for a route are counted; nothing: they are not counted. The
/// token's own limit counts for all routes, the default one (a minute, 0: none) for all but those
/// that resolve visits, because every page view has one. The limit of a token that may only resolve
/// is that of each address it is used from.
[[nodiscard]] std::optional<request_rate> rate_of(const accounts::api_token& token, access needed,
                                                  std::int64_t by_default);

/// Counts a request of the token, at time `now`, and says in the answer's X-RateLimit-* what is
/// left, whatever the answer will be. errc::rate_limit_exceeded if nothing was left.
[[nodiscard]] result<void> count_request(exchange& x, actors::token_entry& who, access needed,
                                         micros now);

/// The answer to a request without a valid token: `why`, or errc::rate_limit_exceeded if too many
/// of them came from its address. Those with a valid token are not affected.
[[nodiscard]] error failed_login(const exchange& x, error why);

} // namespace headwater::http
