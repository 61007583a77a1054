#include "domain/accounts/system_events.hpp"

#include "domain/accounts/stored.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>

namespace headwater::accounts {
namespace {

// Members by schema version, names ascending. A released list never changes.
constexpr std::array<std::string_view, 3> account_created_v1{"account_id", "brand_ids", "name"};
constexpr std::array<std::string_view, 5> account_changed_v1{
    "account_id", "brand_ids", "created_at", "name", "removed_brand_ids"};
constexpr std::array<std::string_view, 6> api_token_created_v1{
    "account_ids", "expires_at", "id", "name", "scopes", "token_hash"};
constexpr std::array<std::string_view, 7> api_token_revoked_v1{
    "account_ids", "created_at", "expires_at", "id", "name", "scopes", "token_hash"};
constexpr std::array<std::string_view, 8> api_token_created_v2{
    "account_ids", "allowed_origins", "expires_at", "id",
    "name",        "rate_limit",      "scopes",     "token_hash"};
constexpr std::array<std::string_view, 9> api_token_revoked_v2{
    "account_ids", "allowed_origins", "created_at", "expires_at", "id",
    "name",        "rate_limit",      "scopes",     "token_hash"};
constexpr std::array<std::string_view, 3> brand_platform_added_v1{"brand_id", "host", "platform"};
constexpr std::array<std::string_view, 4> brand_platform_changed_v1{"brand_id", "created_at",
                                                                    "host", "platform"};
constexpr std::array<std::string_view, 5> brand_platform_removed_v1{
    "brand_id", "created_at", "host", "platform", "updated_at"};

std::string write_entry(const brand_platform& entry, std::span<const std::string_view> names) {
  json_writer out;
  write_payload(out, entry, names);
  return std::move(out).str();
}

/// Most tokens have neither a limit nor origins of their own, and their events stay as they were.
bool is_restricted(const api_token& token) {
  return token.rate_limit || token.allowed_origins;
}

struct encoder {
  encoded_event operator()(const account_created& event) const {
    return {"account_created", 1, write_stored(event.account, {}, account_created_v1)};
  }
  encoded_event operator()(const account_changed& event) const {
    return {"account_changed", 1,
            write_stored(event.account, event.removed_brand_ids, account_changed_v1)};
  }
  encoded_event operator()(const api_token_created& event) const {
    if (!is_restricted(event.token))
      return {"api_token_created", 1, write_stored(event.token, api_token_created_v1)};
    return {"api_token_created", 2, write_stored(event.token, api_token_created_v2)};
  }
  encoded_event operator()(const api_token_revoked& event) const {
    if (!is_restricted(event.token))
      return {"api_token_revoked", 1, write_stored(event.token, api_token_revoked_v1)};
    return {"api_token_revoked", 2, write_stored(event.token, api_token_revoked_v2)};
  }
  encoded_event operator()(const brand_platform_added& event) const {
    return {"brand_platform_added", 1, write_entry(event.entry, brand_platform_added_v1)};
  }
  encoded_event operator()(const brand_platform_changed& event) const {
    return {"brand_platform_changed", 1, write_entry(event.entry, brand_platform_changed_v1)};
  }
  encoded_event operator()(const brand_platform_removed& event) const {
    return {"brand_platform_removed", 1, write_entry(event.entry, brand_platform_removed_v1)};
  }
  encoded_event operator()(const log_restored& event) const {
    return {"log_restored", 1, write_log_restored(event)};
  }
  encoded_event operator()(const account_erased& event) const {
    return {std::string(account_erased_type), 1, write_account_erased(event)};
  }
};

result<system_event> read_account_created(std::string_view payload) {
  TRY(auto stored, read_stored_account(payload, account_created_v1));
  return system_event(account_created{account_of(stored)});
}

result<system_event> read_account_changed(std::string_view payload) {
  TRY(auto stored, read_stored_account(payload, account_changed_v1));
  return system_event(account_changed{account_of(stored), std::move(stored.removed_brand_ids)});
}

template <class Event, auto& Names>
result<system_event> read_token(std::string_view payload) {
  TRY(auto token, read_stored_token(payload, Names));
  return system_event(Event{std::move(token)});
}

template <class Event, auto& Names>
result<system_event> read_entry(std::string_view payload) {
  TRY(auto entry, read_payload<brand_platform>(payload, Names));
  return system_event(Event{std::move(entry)});
}

result<system_event> read_restored(std::string_view payload) {
  TRY(auto event, read_log_restored(payload));
  return system_event(std::move(event));
}

result<system_event> read_erased(std::string_view payload) {
  TRY(auto event, read_account_erased(payload));
  return system_event(std::move(event));
}

/// Every layout ever written.
struct layout {
  std::string_view type;
  int schema;
  result<system_event> (*read)(std::string_view);
};
constexpr layout layouts[] = {
    {"account_created", 1, read_account_created},
    {"account_changed", 1, read_account_changed},
    {"api_token_created", 1, read_token<api_token_created, api_token_created_v1>},
    {"api_token_revoked", 1, read_token<api_token_revoked, api_token_revoked_v1>},
    {"api_token_created", 2, read_token<api_token_created, api_token_created_v2>},
    {"api_token_revoked", 2, read_token<api_token_revoked, api_token_revoked_v2>},
    {"brand_platform_added", 1, read_entry<brand_platform_added, brand_platform_added_v1>},
    {"brand_platform_changed", 1, read_entry<brand_platform_changed, brand_platform_changed_v1>},
    {"brand_platform_removed", 1, read_entry<brand_platform_removed, brand_platform_removed_v1>},
    {"log_restored", 1, read_restored},
    {account_erased_type, 1, read_erased},
};

} // namespace

encoded_event encode(const system_event& event) {
  return std::visit(encoder{}, event);
}

result<system_event> decode_system_event(std::string_view type, int schema,
                                         std::string_view payload) {
  const auto* known = std::ranges::find_if(
      layouts, [&](const layout& each) { return each.type == type && each.schema == schema; });
  if (known == std::ranges::end(layouts))
    return error(errc::corrupt_log,
                 "unknown event " + std::string(type) + " of schema " + std::to_string(schema));
  return known->read(payload);
}

account_changed change_of(const account& before, const account& after) {
  account_changed event{after, {}};
  event.account.created_at = before.created_at;
  const std::set<std::int64_t> kept(after.brand_ids.begin(), after.brand_ids.end());
  for (auto brand : before.brand_ids)
    if (!kept.contains(brand))
      event.removed_brand_ids.push_back(brand);
  return event;
}

} // namespace headwater::accounts
