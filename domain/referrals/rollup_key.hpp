#pragma once

// The keys of rollups in their table, and how days are divided among them. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/rollup.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// The kinds of rollup; the first byte of the key.
enum class rollup_kind : char {
  platforms_of_day = 'd', ///< by platform; the page of each cell is 0
  pages_of_day = 'p',     ///< by platform and page
  pages_of_month = 'm',   ///< by page; the platform of each cell is empty
};

/// Months since 1970-01.
using month_number = std::int32_t;

[[nodiscard]] month_number month_of(day_number day);
[[nodiscard]] day_number first_day_of(month_number month);

/// Pages are spread over this many rollups by their first bits, so that a push rewrites only a
/// little.
inline constexpr std::uint8_t rollup_shards = 16;
[[nodiscard]] inline std::uint8_t shard_of(page_id page) {
  return static_cast<std::uint8_t>(page >> 60);
}

/// kind "/" ulid [shard] be32(period + 2^31). `period` is a day, or a month for pages_of_month;
/// platforms_of_day has no shard. The shard comes first because a report that reads one shard after
/// the other adds to few groups at a time, and these stay in the processor's cache.
[[nodiscard]] std::string rollup_key(rollup_kind kind, std::string_view connection_id,
                                     std::int32_t period, std::uint8_t shard = 0);

/// "n/" ulid: the rollup of all rows of a connection. Its one cell has their number and nothing
/// else, so that neither a description nor a list of connections has to read a rollup a day.
[[nodiscard]] std::string row_count_key(std::string_view connection_id);
inline constexpr std::string_view row_count_prefix = "n/";

/// The prefix of the keys of a connection's rollups of a kind and shard.
[[nodiscard]] std::string rollup_prefix(rollup_kind kind, std::string_view connection_id,
                                        std::uint8_t shard = 0);
/// The number of shards of a kind.
[[nodiscard]] std::uint8_t shards_of(rollup_kind kind);
/// The part of the key after that prefix.
[[nodiscard]] std::string rollup_suffix(std::int32_t period);
/// The period in a key; errc::corrupt_log for anything else.
[[nodiscard]] result<std::int32_t> period_of_rollup_key(std::string_view key);

} // namespace headwater::referrals
