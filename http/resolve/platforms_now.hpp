#pragma once

// The AI platforms that count for an account's visits: the shipped list and what its brands have
// added to it.

#include "actors/shared/loaded_account.hpp"
#include "http/server/exchange.hpp"

namespace headwater::http {

/// Those of now, which are mostly kept with the account; else a reader makes them, once for all
/// requests that wait. Call it only if account->platforms has none.
[[nodiscard]] awaitable<actors::platforms_reply> platforms_now(exchange& x,
                                                               actors::loaded_account_ptr account);

} // namespace headwater::http
