#pragma once

// Keys and values of AI-referral rows in the referrals table. README.md has their grammar.
// Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/referral_row.hpp"

#include <string>
#include <string_view>

namespace headwater::referrals {

/// "r/" connection be32(day + 2^31) first 16 bytes of SHA-256(referrer 0x00 page). The referrer
/// holds no NUL, so the hashed bytes are unambiguous. 128 bits suffice: two of a connection's rows
/// on one day collide by chance with probability 2^-65 at 2^32 rows, and who spends 2^64 work to
/// make two collide can only overwrite a row of their own.
[[nodiscard]] std::string row_key(std::string_view connection_id, const referral_row& row);

/// What the keys of all rows of a connection, or of those from `day` on, begin with.
[[nodiscard]] std::string row_key_prefix(std::string_view connection_id);
[[nodiscard]] std::string row_key_from(std::string_view connection_id, day_number day);

/// What the keys of all rows begin with.
inline constexpr std::string_view row_table_prefix = "r/";

/// The day in a row key, and its connection; errc::corrupt_log for anything else.
[[nodiscard]] result<std::string_view> connection_of_row_key(std::string_view key);
[[nodiscard]] result<day_number> day_of_row_key(std::string_view key);

/// Everything of a row but its date. Holds the raw values, so equality is decided on the text.
[[nodiscard]] std::string encode_row_value(const platform_row& row);

/// Reads a value back; its texts look into `value`. errc::corrupt_log says what is wrong.
[[nodiscard]] result<platform_row> decode_row_value(day_number date, std::string_view value);

} // namespace headwater::referrals
