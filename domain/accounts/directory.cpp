#include "domain/accounts/directory.hpp"

#include "domain/accounts/stored.hpp"
#include "domain/core/try.hpp"

#include <array>
#include <charconv>

namespace headwater::accounts {
namespace {

// Members of the records, names ascending.
constexpr std::array<std::string_view, 5> account_record{"account_id", "brand_ids", "created_at",
                                                         "name", "updated_at"};
constexpr std::array<std::string_view, 8> token_record{
    "account_ids", "created_at", "expires_at", "id", "name", "revoked_at", "scopes", "token_hash"};
constexpr std::array<std::string_view, 10> restricted_token_record{
    "account_ids", "allowed_origins", "created_at", "expires_at", "id",
    "name",        "rate_limit",      "revoked_at", "scopes",     "token_hash"};
constexpr std::array<std::string_view, 5> platform_record{"brand_id", "created_at", "host",
                                                          "platform", "updated_at"};

/// Big-endian, so that keys sort by number. Ids are positive.
std::string be64(std::int64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i) {
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return bytes;
}

std::vector<directory_row> account_rows(account record,
                                        std::span<const std::int64_t> removed_brand_ids) {
  std::vector<directory_row> rows;
  rows.push_back({account_key(record.account_id), encode_record(record)});
  for (auto brand : removed_brand_ids)
    rows.push_back({brand_key(brand), std::nullopt});
  for (auto brand : record.brand_ids)
    rows.push_back({brand_key(brand), record.account_id});
  return rows;
}

struct projector {
  const event_meta& meta;

  std::vector<directory_row> operator()(const account_created& event) const {
    auto record = event.account;
    record.created_at = record.updated_at = meta.time;
    return account_rows(std::move(record), {});
  }
  std::vector<directory_row> operator()(const account_changed& event) const {
    auto record = event.account;
    record.updated_at = meta.time;
    return account_rows(std::move(record), event.removed_brand_ids);
  }
  std::vector<directory_row> operator()(const api_token_created& event) const {
    auto record = event.token;
    record.created_at = meta.time;
    record.revoked_at.reset();
    return {{token_key(record.id), encode_record(record)},
            {hash_key(record.token_hash), std::to_string(record.id)},
            {std::string(next_token_key), std::to_string(record.id + 1)}};
  }
  std::vector<directory_row> operator()(const api_token_revoked& event) const {
    auto record = event.token;
    record.revoked_at = meta.time;
    return {{token_key(record.id), encode_record(record)}};
  }
  std::vector<directory_row> operator()(const brand_platform_added& event) const {
    auto record = event.entry;
    record.created_at = record.updated_at = meta.time;
    return {{platform_key(record.brand_id, record.host), encode_record(record)}};
  }
  std::vector<directory_row> operator()(const brand_platform_changed& event) const {
    auto record = event.entry;
    record.updated_at = meta.time;
    return {{platform_key(record.brand_id, record.host), encode_record(record)}};
  }
  std::vector<directory_row> operator()(const brand_platform_removed& event) const {
    return {{platform_key(event.entry.brand_id, event.entry.host), std::nullopt}};
  }
  std::vector<directory_row> operator()(const log_restored&) const { return {}; }
  std::vector<directory_row> operator()(const account_erased& event) const {
    const erased_account record{event.account_id, meta.time,
                                static_cast<std::int64_t>(meta.sequence)};
    std::vector<directory_row> rows{
        {account_key(event.account_id), std::nullopt},
        {erased_key(event.account_id), encode_record(record)},
        {std::string(next_token_key), std::to_string(event.next_token_id)}};
    // The brands stay reserved for this account, so that no other can be mistaken for it.
    for (const auto brand : event.brand_ids)
      rows.push_back({brand_key(brand), event.account_id});
    for (const auto token : event.token_ids)
      rows.push_back({token_key(token), std::nullopt});
    return rows;
  }
};

} // namespace

std::vector<directory_row> project(const system_event& event, const event_meta& meta) {
  return std::visit(projector{meta}, event);
}

std::string account_key(std::string_view account_id) {
  return std::string(account_prefix) + std::string(account_id);
}

std::string erased_key(std::string_view account_id) {
  return std::string(erased_prefix) + std::string(account_id);
}

std::string brand_key(std::int64_t brand_id) {
  return std::string(brand_prefix) + be64(brand_id);
}

std::string hash_key(const digest& token_hash) {
  return std::string(hash_prefix) + std::string(as_bytes(token_hash));
}

std::string token_key(std::int64_t token_id) {
  return std::string(token_prefix) + be64(token_id);
}

std::string platforms_prefix(std::int64_t brand_id) {
  return std::string(platform_prefix) + be64(brand_id);
}

std::string platform_key(std::int64_t brand_id, std::string_view host) {
  return platforms_prefix(brand_id) + std::string(as_bytes(sha256({host})));
}

std::string encode_record(const account& record) {
  return write_stored(record, {}, account_record);
}

std::string encode_record(const api_token& record) {
  if (record.rate_limit || record.allowed_origins)
    return write_stored(record, restricted_token_record);
  return write_stored(record, token_record);
}

std::string encode_record(const brand_platform& record) {
  json_writer out;
  write_payload(out, record, platform_record);
  return std::move(out).str();
}

result<account> decode_account(std::string_view record) {
  TRY(auto stored, read_stored_account(record, account_record));
  return account_of(stored);
}

result<api_token> decode_token(std::string_view record) {
  // Inside a text the quotes would be escaped, so this is the member's name.
  if (record.find(R"("rate_limit":)") != record.npos)
    return read_stored_token(record, restricted_token_record);
  return read_stored_token(record, token_record);
}

result<brand_platform> decode_platform(std::string_view record) {
  return read_payload<brand_platform>(record, platform_record);
}

result<std::int64_t> decode_id(std::string_view value) {
  std::int64_t id = 0;
  const auto* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, id);
  if (read.ec != std::errc() || read.ptr != end || id < 1)
    return error(errc::corrupt_log, "a directory row that holds no id");
  return id;
}

} // namespace headwater::accounts
