#pragma once

// Accounts and tokens as flat members of canonical JSON, for events and directory records. Times
// are integers in microseconds, the token's hash is lowercase hexadecimal. Part of
// system_events.cpp and directory.cpp.

#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::accounts {

struct stored_account {
  std::string account_id;
  std::string name;
  std::vector<std::int64_t> brand_ids;
  std::vector<std::int64_t> removed_brand_ids;
  std::int64_t created_at = 0;
  std::int64_t updated_at = 0;
};

struct stored_token {
  std::int64_t id = 0;
  std::string name;
  std::vector<std::string> scopes;
  std::vector<std::string> account_ids;
  std::optional<std::int64_t> expires_at;
  std::int64_t created_at = 0;
  std::optional<std::int64_t> revoked_at;
  std::string token_hash;
  std::optional<std::int64_t> rate_limit;
  std::optional<std::vector<std::string>> allowed_origins;
};

/// The named members as canonical JSON; `names` ascend.
[[nodiscard]] std::string write_stored(const account& value,
                                       std::span<const std::int64_t> removed_brand_ids,
                                       std::span<const std::string_view> names);
[[nodiscard]] std::string write_stored(const api_token& value,
                                       std::span<const std::string_view> names);

/// Reads what write_stored wrote; errc::corrupt_log for anything else.
[[nodiscard]] result<stored_account> read_stored_account(std::string_view json,
                                                         std::span<const std::string_view> names);
[[nodiscard]] result<api_token> read_stored_token(std::string_view json,
                                                  std::span<const std::string_view> names);

[[nodiscard]] account account_of(const stored_account& stored);

} // namespace headwater::accounts

namespace headwater {
template <>
field_table<accounts::stored_account> fields_of<accounts::stored_account>();
template <>
field_table<accounts::stored_token> fields_of<accounts::stored_token>();
} // namespace headwater
