#pragma once

// Look-ups of rows that answer from a cache, and fill it if it has no answer. They block on the
// disk.

#include "actors/shared/service_parts.hpp"

#include <cstdint>
#include <string>

namespace headwater::actors {

/// All of these return null if there is no such row.
[[nodiscard]] token_reply read_token(const service_parts& parts, const digest& hash);
[[nodiscard]] account_reply read_account(const service_parts& parts, const std::string& account_id);
[[nodiscard]] brand_reply read_brand(const service_parts& parts, std::int64_t brand_id);
[[nodiscard]] found_connection read_connection(const service_parts& parts,
                                               const std::string& connection_id);

/// Includes last uses that are not stored yet.
[[nodiscard]] token_list list_known_tokens(const service_parts& parts);

/// What a brand has added to the allow-list. Null if nothing.
[[nodiscard]] result<referrals::own_platforms_ptr> own_platforms_of(const service_parts& parts,
                                                                    std::int64_t brand_id);

} // namespace headwater::actors
