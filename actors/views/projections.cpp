#include "actors/views/projections.hpp"

#include "actors/views/side_facts.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "store/tables/usage.hpp"

#include <limits>

namespace headwater::actors {
namespace {

constexpr std::string_view account_prefix = "account/";
constexpr std::string_view connection_prefix = "connection/";

/// What the log itself writes with each append: see append_command::counts_for.
store::table_write usage_write(std::string key, const store::recorded_event& event) {
  return {store::table::usage, std::move(key),
          store::encode_usage(store::usage_of_event(event.header_text, event.part->text))};
}

} // namespace

store::stream_name account_stream(std::string_view account_id) {
  return std::string(account_prefix) + std::string(account_id);
}

store::stream_name connection_stream(std::string_view connection_id) {
  return std::string(connection_prefix) + std::string(connection_id);
}

std::string account_usage_key(std::string_view account_id) {
  return "a/" + std::string(account_id);
}

std::string brand_usage_key(std::int64_t brand_id) {
  return "b/" + be64(static_cast<std::uint64_t>(brand_id));
}

std::string token_usage_key(std::string_view account_id) {
  return std::string(counts_system_key) + std::string(account_id);
}

std::string platform_usage_key(std::int64_t brand_id) {
  return "p/" + be64(static_cast<std::uint64_t>(brand_id));
}

std::string system_usage_key(const accounts::system_event& event) {
  return std::visit(
      [](const auto& of) -> std::string {
        if constexpr (requires { of.token; })
          return of.token.accounts.ids.empty() ? std::string{}
                                               : token_usage_key(of.token.accounts.ids.front());
        else if constexpr (requires { of.entry; })
          return platform_usage_key(of.entry.brand_id);
        else
          return {};
      },
      event);
}

std::string token_count_prefix(std::string_view account_id) {
  return "t/" + std::string(account_id) + "/";
}

std::vector<store::table_write> token_count_writes(const accounts::api_token& token,
                                                   bool is_revoked) {
  std::vector<store::table_write> out;
  out.reserve(token.accounts.ids.size());
  const auto until = token.expires_at.value_or(std::numeric_limits<micros>::max());
  const auto rest =
      be64(static_cast<std::uint64_t>(until)) + be64(static_cast<std::uint64_t>(token.id));
  const auto row = is_revoked ? std::nullopt : std::optional{store::encode_usage({1, 0})};
  for (const auto& id : token.accounts.ids)
    out.push_back({store::table::usage, token_count_prefix(id) + rest, row});
  return out;
}

std::vector<store::table_write> to_table_writes(std::vector<referrals::referral_write> writes) {
  std::vector<store::table_write> out;
  out.reserve(writes.size());
  for (auto& write : writes)
    out.push_back({store::table::referrals, std::move(write.key), std::move(write.value)});
  return out;
}

std::vector<store::table_write> to_table_writes(store::table where,
                                                std::vector<referrals::block_write> writes) {
  std::vector<store::table_write> out;
  out.reserve(writes.size());
  for (auto& write : writes)
    out.push_back({where, std::move(write.key), std::move(write.block)});
  return out;
}

std::vector<store::table_write> connection_writes(const referrals::connection_event& event,
                                                  const referrals::event_place& at,
                                                  const std::optional<store::idempotency>& key) {
  auto out = to_table_writes(referrals::project(event, at));
  if (auto* batch = std::get_if<referrals::batch_received>(&event))
    std::ranges::move(to_table_writes(store::table::rows, referrals::project_rows(*batch)),
                      std::back_inserter(out));
  if (key && !std::holds_alternative<referrals::batch_received>(event)) {
    auto& identity = std::visit(
        [](auto& of) -> const referrals::connection_identity& { return of.connection; }, event);
    out.push_back({store::table::referrals, registration_use_key(identity.brand_id, key->key),
                   encode(registration_use{key->fingerprint, identity.id, at.sequence})});
  }
  return out;
}

store::table_write batch_write(std::string_view connection_id, const referrals::event_place& at,
                               referrals::batch_record record) {
  record.time = at.time;
  return {store::table::referrals, referrals::batch_key(connection_id, at.sequence),
          referrals::encode_batch_record(record)};
}

std::vector<store::table_write> directory_writes(const accounts::system_event& event,
                                                 const event_meta& at) {
  std::vector<store::table_write> out;
  for (auto& row : accounts::project(event, at))
    out.push_back({store::table::directory, std::move(row.key), std::move(row.value)});
  out.push_back(
      {store::table::usage, std::string(counts_system_key), store::encode_usage(store::usage{})});
  const auto add = [&out](std::vector<store::table_write> rows) {
    std::ranges::move(rows, std::back_inserter(out));
  };
  if (const auto* created = std::get_if<accounts::api_token_created>(&event))
    add(token_count_writes(created->token, false));
  else if (const auto* revoked = std::get_if<accounts::api_token_revoked>(&event))
    add(token_count_writes(revoked->token, true));
  else if (const auto* erased = std::get_if<accounts::account_erased>(&event)) {
    out.push_back({store::table::usage, token_usage_key(erased->account_id), std::nullopt});
    for (const auto brand : erased->brand_ids)
      out.push_back({store::table::usage, platform_usage_key(brand), std::nullopt});
  }
  return out;
}

result<std::vector<store::table_write>> project(const store::recorded_event& event) {
  auto& header = event.header;
  if (header.stream == system_stream) {
    TRY(auto decoded, accounts::decode_system_event(header.type, header.schema, event.payload));
    auto out = directory_writes(decoded, {header.sequence, header.time});
    if (auto key = system_usage_key(decoded); !key.empty())
      out.push_back(usage_write(std::move(key), event));
    return out;
  }
  if (header.stream.starts_with(connection_prefix)) {
    TRY(auto decoded,
        referrals::decode_connection_event(header.type, header.schema, event.payload));
    const referrals::event_place at{header.sequence, header.time};
    auto out = connection_writes(decoded, at, event.key);
    const auto& identity = std::visit(
        [](auto& of) -> const referrals::connection_identity& { return of.connection; }, decoded);
    out.push_back(usage_write(brand_usage_key(identity.brand_id), event));
    if (auto* batch = std::get_if<referrals::batch_received>(&decoded))
      out.push_back(
          batch_write(batch->connection.id, at,
                      referrals::record_of(*batch, event.from.principal, event.from.request_id)));
    return out;
  }
  if (header.stream.starts_with(account_prefix))
    return std::vector{usage_write(
        account_usage_key(std::string_view{header.stream}.substr(account_prefix.size())), event)};
  return std::vector<store::table_write>{};
}

std::string registration_use_prefix(std::int64_t brand_id) {
  return "k/" + be64(static_cast<std::uint64_t>(brand_id));
}

std::string registration_use_key(std::int64_t brand_id, std::string_view key) {
  auto hashed = sha256({key});
  return registration_use_prefix(brand_id) + std::string(as_bytes(hashed));
}

std::string encode(const registration_use& use) {
  return std::string(as_bytes(use.fingerprint)) + use.connection_id + be64(use.sequence);
}

result<registration_use> decode_registration_use(std::string_view value) {
  constexpr std::size_t ulid_size = 26;
  registration_use out;
  if (value.size() != out.fingerprint.size() + ulid_size + 8)
    return error{errc::corrupt_log, "the record of an Idempotency-Key has the wrong size"};
  std::copy_n(value.begin(), out.fingerprint.size(), out.fingerprint.begin());
  out.connection_id = value.substr(out.fingerprint.size(), ulid_size);
  out.sequence = read_be64(value.substr(out.fingerprint.size() + ulid_size));
  return out;
}

} // namespace headwater::actors
