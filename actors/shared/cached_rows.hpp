#pragma once

// Cached row look-ups: a miss reads the row from the disk, which blocks, and fills the cache.

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

/// Some of all tokens. When each was last used is up to date, even where that is not stored yet.
[[nodiscard]] token_list list_known_tokens(const service_parts& parts, const list_tokens& wanted);
/// The same for one token by its number; nothing if there is none.
[[nodiscard]] described_token read_known_token(const service_parts& parts, std::int64_t id);

/// The hosts that a brand has added to the allow-list; null if there are none.
[[nodiscard]] result<referrals::own_platforms_ptr> own_platforms_of(const service_parts& parts,
                                                                    std::int64_t brand_id);

/// The AI platforms that count for the account's visits: those kept with it, else made and kept.
[[nodiscard]] platforms_reply platforms_now(const service_parts& parts, loaded_account& of);

} // namespace headwater::actors
