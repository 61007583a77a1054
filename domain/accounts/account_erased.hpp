#pragma once

// The event that erases an account. It names everything whose payload part is removed, so that the
// log alone tells what was erased from what was lost. Pure values; layouts are in FORMATS.md.

#include "domain/core/time.hpp"
#include "domain/json/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

inline constexpr std::string_view account_erased_type = "account_erased";

struct account_erased {
  std::string account_id;
  std::vector<std::int64_t> brand_ids;     ///< its brands, which stay reserved for it for ever
  std::vector<std::string> connections;    ///< ULIDs of the connections of its brands
  std::int64_t next_token_id = 1;          ///< as it was: removing tokens must not lower it
  std::vector<std::int64_t> system_events; ///< sequences of the system stream that concern it
  std::vector<std::int64_t> token_ids;     ///< tokens that no account is left for

  bool operator==(const account_erased&) const = default;
};

/// The payload as canonical JSON.
[[nodiscard]] std::string write_account_erased(const account_erased& event);
/// errc::corrupt_log for anything else.
[[nodiscard]] result<account_erased> read_account_erased(std::string_view payload);

/// What the directory keeps about an erased account.
struct erased_account {
  std::string account_id;
  micros erased_at = 0;
  std::int64_t sequence = 0; ///< of its account_erased in the system stream

  bool operator==(const erased_account&) const = default;
};

[[nodiscard]] std::string encode_record(const erased_account& record);
/// errc::corrupt_log for what encode_record did not write.
[[nodiscard]] result<erased_account> decode_erased_account(std::string_view record);

} // namespace headwater::accounts

namespace headwater {
template <>
field_table<accounts::account_erased> fields_of<accounts::account_erased>();
template <>
field_table<accounts::erased_account> fields_of<accounts::erased_account>();
} // namespace headwater
