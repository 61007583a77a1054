#include "domain/accounts/stored.hpp"

#include "domain/core/try.hpp"

#include <algorithm>
#include <array>

namespace headwater {

template <>
field_table<accounts::stored_account> fields_of<accounts::stored_account>() {
  using stored = accounts::stored_account;
  constexpr auto integers = field_kind::integer_list;
  static constexpr std::array table{
      bind<&stored::account_id>({.name = "account_id"}),
      bind<&stored::brand_ids>({.name = "brand_ids", .kind = integers}),
      bind<&stored::created_at>({.name = "created_at", .kind = field_kind::integer}),
      bind<&stored::name>({.name = "name"}),
      bind<&stored::removed_brand_ids>({.name = "removed_brand_ids", .kind = integers}),
      bind<&stored::updated_at>({.name = "updated_at", .kind = field_kind::integer}),
  };
  return table;
}

template <>
field_table<accounts::stored_token> fields_of<accounts::stored_token>() {
  using stored = accounts::stored_token;
  constexpr auto integer = field_kind::integer;
  constexpr auto strings = field_kind::string_list;
  static constexpr std::array table{
      bind<&stored::account_ids>({.name = "account_ids", .kind = strings}),
      bind<&stored::allowed_origins>(
          {.name = "allowed_origins", .kind = strings, .nullable = true}),
      bind<&stored::created_at>({.name = "created_at", .kind = integer}),
      bind<&stored::expires_at>({.name = "expires_at", .kind = integer, .nullable = true}),
      bind<&stored::id>({.name = "id", .kind = integer}),
      bind<&stored::name>({.name = "name"}),
      bind<&stored::rate_limit>({.name = "rate_limit", .kind = integer, .nullable = true}),
      bind<&stored::revoked_at>({.name = "revoked_at", .kind = integer, .nullable = true}),
      bind<&stored::scopes>({.name = "scopes", .kind = strings}),
      bind<&stored::token_hash>({.name = "token_hash"}),
  };
  return table;
}

namespace accounts {
namespace {

error corrupt(std::string_view what) {
  return {errc::corrupt_log, "a token with " + std::string(what)};
}

result<api_token> token_of(stored_token stored) {
  api_token token;
  token.id = stored.id;
  token.name = std::move(stored.name);
  for (const auto& name : stored.scopes) {
    const auto known = parse_scope(name);
    if (!known)
      return corrupt("an unknown scope: " + name);
    token.scopes.add(*known);
  }
  token.accounts.all = stored.account_ids == std::vector<std::string>{"*"};
  if (!token.accounts.all)
    token.accounts.ids = std::move(stored.account_ids);
  token.expires_at = stored.expires_at;
  token.created_at = stored.created_at;
  token.revoked_at = stored.revoked_at;
  const auto bytes = from_hex(stored.token_hash);
  if (!bytes || bytes->size() != token.token_hash.size())
    return corrupt("a hash that is none");
  std::ranges::copy(*bytes, token.token_hash.begin());
  token.rate_limit = stored.rate_limit;
  token.allowed_origins = std::move(stored.allowed_origins);
  return token;
}

} // namespace

std::string write_stored(const account& value, std::span<const std::int64_t> removed_brand_ids,
                         std::span<const std::string_view> names) {
  const stored_account stored{
      value.account_id, value.name,
      value.brand_ids,  {removed_brand_ids.begin(), removed_brand_ids.end()},
      value.created_at, value.updated_at};
  json_writer out;
  write_payload(out, stored, names);
  return std::move(out).str();
}

std::string write_stored(const api_token& value, std::span<const std::string_view> names) {
  const stored_token stored{
      value.id,         value.name,           value.scopes.names(), value.accounts.names(),
      value.expires_at, value.created_at,     value.revoked_at,     to_hex(value.token_hash),
      value.rate_limit, value.allowed_origins};
  json_writer out;
  write_payload(out, stored, names);
  return std::move(out).str();
}

result<stored_account> read_stored_account(std::string_view json,
                                           std::span<const std::string_view> names) {
  return read_payload<stored_account>(json, names);
}

result<api_token> read_stored_token(std::string_view json,
                                    std::span<const std::string_view> names) {
  TRY(auto stored, read_payload<stored_token>(json, names));
  return token_of(std::move(stored));
}

account account_of(const stored_account& stored) {
  return {stored.account_id, stored.name, stored.brand_ids, stored.created_at, stored.updated_at};
}

} // namespace accounts
} // namespace headwater
