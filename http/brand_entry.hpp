#pragma once

// What every route of the AI-referrals family passes: token, scope, brand; and the connection that
// many of them name.

#include "actors/interfaces.hpp"
#include "http/entrance.hpp"
#include "http/exchange.hpp"

#include <optional>
#include <string>

namespace headwater::http {

struct brand_entry {
  actors::token_ptr who; ///< null: already answered
  std::int64_t brand_id = 0;
  std::string owner; ///< the brand's account
  std::optional<std::string> key;
};

/// Token, scope and brand. `check` may have faults of the route's own, which are told too.
[[nodiscard]] awaitable<brand_entry> enter_family(exchange& x, request_check& check);

/// The connection of the path, if it is the brand's; else 404, answered.
[[nodiscard]] awaitable<actors::connection_ptr> connection_of_path(exchange& x,
                                                                   std::int64_t brand_id);

} // namespace headwater::http
