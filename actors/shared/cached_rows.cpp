#include "actors/shared/cached_rows.hpp"

#include "actors/views/brand_platforms.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/platforms/account_platforms.hpp"

#include <algorithm>

namespace headwater::actors {

using store::table;

token_reply read_token(const service_parts& parts, const digest& hash) {
  if (auto cached = parts.tokens->find(hash))
    return cached;
  if (parts.unknown_tokens->find(hash))
    return token_ptr{};
  auto generation = parts.tokens->generation(hash);
  auto unknown_generation = parts.unknown_tokens->generation(hash);
  TRY(auto id, parts.log->tables().get(table::directory, accounts::hash_key(hash)));
  if (!id) {
    static const auto nothing = std::make_shared<const bool>(true);
    parts.unknown_tokens->insert(hash, nothing, unknown_generation);
    return token_ptr{};
  }
  TRY(auto number, accounts::decode_id(*id));
  auto record = parts.log->tables().get(table::directory, accounts::token_key(number));
  if (!record)
    return record.error();
  if (!*record)
    return error{errc::corrupt_log, "token " + std::to_string(number) + " has no record"};
  TRY(auto token, accounts::decode_token(**record));
  return parts.tokens->insert(hash, std::make_shared<token_entry>(std::move(token)), generation);
}

account_reply read_account(const service_parts& parts, const std::string& account_id) {
  if (auto cached = parts.accounts->find(account_id))
    return cached;
  auto generation = parts.accounts->generation(account_id);
  TRY(auto record, parts.log->tables().get(table::directory, accounts::account_key(account_id)));
  if (!record)
    return account_ptr{};
  TRY(auto account, accounts::decode_account(*record));
  return parts.accounts->insert(
      account_id, std::make_shared<const accounts::account>(std::move(account)), generation);
}

brand_reply read_brand(const service_parts& parts, std::int64_t brand_id) {
  if (auto cached = parts.brands->find(brand_id))
    return cached;
  auto generation = parts.brands->generation(brand_id);
  TRY(auto owner, parts.log->tables().get(table::directory, accounts::brand_key(brand_id)));
  if (!owner)
    return brand_owner{};
  return parts.brands->insert(brand_id, std::make_shared<const std::string>(std::move(*owner)),
                              generation);
}

found_connection read_connection(const service_parts& parts, const std::string& connection_id) {
  if (auto cached = parts.connections->find(connection_id))
    return cached;
  auto generation = parts.connections->generation(connection_id);
  auto connection = stored_connection(parts.log->tables(), connection_id);
  if (!connection && connection.error().code == errc::not_found)
    return connection_ptr{};
  if (!connection)
    return connection.error();
  return parts.connections->insert(
      connection_id, std::make_shared<const referrals::connection>(std::move(*connection)),
      generation);
}

namespace {

/// A use that is not stored yet is known to the cache.
void add_latest_use(const service_parts& parts, listed_token& to) {
  if (auto cached = parts.tokens->find(to.token.token_hash))
    to.last_used = std::max(to.last_used, cached->last_used.load());
}

} // namespace

token_list list_known_tokens(const service_parts& parts, const list_tokens& wanted) {
  auto tokens = read_tokens(parts.log->tables(), wanted);
  if (!tokens)
    return tokens;
  for (auto& each : tokens->items)
    add_latest_use(parts, each);
  return tokens;
}

described_token read_known_token(const service_parts& parts, std::int64_t id) {
  TRY(auto found, stored_token_of(parts.log->tables(), id));
  if (found)
    add_latest_use(parts, *found);
  return found;
}

result<referrals::own_platforms_ptr> own_platforms_of(const service_parts& parts,
                                                      std::int64_t brand_id) {
  auto known = parts.own_platforms->find(brand_id);
  if (!known) {
    auto generation = parts.own_platforms->generation(brand_id);
    TRY(auto entries, read_brand_platforms(parts.log->tables(), brand_id));
    std::vector<referrals::own_platform> own;
    own.reserve(entries.size());
    for (auto& entry : entries)
      own.push_back({std::move(entry.host), std::move(entry.platform)});
    known = parts.own_platforms->insert(
        brand_id, std::make_shared<const referrals::own_platforms>(std::move(own)), generation);
  }
  return known->empty() ? nullptr : known;
}

platforms_reply platforms_now(const service_parts& parts, loaded_account& of) {
  if (auto known = of.platforms.get())
    return known;
  const auto generation = of.platforms.generation();
  TRY(const auto account, read_account(parts, of.id));
  std::vector<referrals::brand_list> brands;
  std::size_t entries = 0;
  if (account)
    for (const auto brand : account->brand_ids) {
      TRY(auto own, own_platforms_of(parts, brand));
      if (!own)
        continue;
      entries += own->list().entries().size();
      brands.push_back({brand, std::move(own)});
    }
  auto made = referrals::platforms_of(std::move(brands));
  of.platforms.offer(made, entries, generation);
  return made;
}

} // namespace headwater::actors
