#pragma once

// What the AI-referrals family shows, as JSON. Pure functions.

#include "actors/interfaces.hpp"
#include "domain/referrals/platform_list.hpp"

#include <string>

namespace headwater::http {

/// A connection with its operational facts: id, brand_id, website, provider, status, created_at,
/// last_pushed_at, last_push_error.
[[nodiscard]] std::string connection_as_json(const actors::listed_connection& of);

/// {"accepted","rejected","deduplicated","errors"}
[[nodiscard]] std::string push_as_json(const actors::push_outcome& of);

/// {"version","platforms":[{"name","entries":[{"kind","value"}]}]}
[[nodiscard]] std::string platforms_as_json(const referrals::platform_list& list);

} // namespace headwater::http
