#pragma once

// The directory projection: rows with accounts, brands, their platforms, and tokens. Keys and
// records are defined by a grammar in domain/accounts/FORMATS.md. Pure: events in, rows out.

#include "domain/accounts/system_events.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

/// One change of the table: a value to put, or no value to delete the key.
struct directory_row {
  std::string key;
  std::optional<std::string> value;
  bool operator==(const directory_row&) const = default;
};

/// The rows that an event changes.
[[nodiscard]] std::vector<directory_row> project(const system_event& event, const event_meta& meta);

inline constexpr std::string_view account_prefix = "a/";
inline constexpr std::string_view brand_prefix = "b/";
inline constexpr std::string_view erased_prefix = "e/";
inline constexpr std::string_view hash_prefix = "h/";
inline constexpr std::string_view token_prefix = "t/";
inline constexpr std::string_view platform_prefix = "p/";
/// Value: the decimal id of the next token; absent before the first.
inline constexpr std::string_view next_token_key = "n/token";

[[nodiscard]] std::string account_key(std::string_view account_id); ///< value: an account
[[nodiscard]] std::string erased_key(std::string_view account_id);  ///< value: an erased_account
[[nodiscard]] std::string brand_key(std::int64_t brand_id);         ///< value: the account id
[[nodiscard]] std::string hash_key(const digest& token_hash);       ///< value: decimal token id
[[nodiscard]] std::string token_key(std::int64_t token_id);         ///< value: a token
/// The common prefix of the keys of all platforms that a brand has added.
[[nodiscard]] std::string platforms_prefix(std::int64_t brand_id);
[[nodiscard]] std::string platform_key(std::int64_t brand_id, std::string_view host);

[[nodiscard]] std::string encode_record(const account& record);
[[nodiscard]] std::string encode_record(const api_token& record);
[[nodiscard]] std::string encode_record(const brand_platform& record);

/// errc::corrupt_log for anything that encode_record did not write.
[[nodiscard]] result<account> decode_account(std::string_view record);
[[nodiscard]] result<api_token> decode_token(std::string_view record);
[[nodiscard]] result<brand_platform> decode_platform(std::string_view record);

/// Decodes the value of a hash_key or of next_token_key.
[[nodiscard]] result<std::int64_t> decode_id(std::string_view value);

} // namespace headwater::accounts
