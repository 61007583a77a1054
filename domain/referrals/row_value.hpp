#pragma once

// The bytes of one AI-referral row except its date, which the block's key holds. The page is given
// by its hash, as in rollups; page_block.hpp stores its text. FORMATS.md has the grammar. Pure, any
// thread.

#include "domain/core/error.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/rollup.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// A row as stored. The texts are views into the value.
struct stored_row {
  std::string_view platform;
  std::string_view raw_referrer_value;
  page_id page = 0;
  row_metrics metrics;
  std::optional<std::string_view> batch_id;

  bool operator==(const stored_row&) const = default;
};

/// A row and its page as it will be stored.
[[nodiscard]] stored_row as_stored(const platform_row& row, page_id page);

void append_row_value(std::string& out, const stored_row& row);
[[nodiscard]] std::string encode_row_value(const stored_row& row);

/// Reads a value back; its texts point into `value`. errc::corrupt_log says what is wrong.
[[nodiscard]] result<stored_row> decode_row_value(std::string_view value);

} // namespace headwater::referrals
