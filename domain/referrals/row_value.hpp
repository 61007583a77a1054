#pragma once

// The bytes of one AI-referral row but for its date, which its block's key tells. FORMATS.md has
// their grammar. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/referral_row.hpp"

#include <string>
#include <string_view>

namespace headwater::referrals {

/// Appends everything of a row but its date. Holds the raw values, so equality is decided on the
/// text.
void append_row_value(std::string& out, const platform_row& row);
[[nodiscard]] std::string encode_row_value(const platform_row& row);

/// Reads a value back; its texts look into `value`. errc::corrupt_log says what is wrong.
[[nodiscard]] result<platform_row> decode_row_value(day_number date, std::string_view value);

} // namespace headwater::referrals
