#include "actors/views/stored_rows.hpp"

#include "actors/views/projections.hpp"
#include "actors/views/side_facts.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/projection.hpp"
#include "store/log/first_event.hpp"

#include <algorithm>
#include <limits>

namespace headwater::actors {
namespace {

using store::table;

/// Scans a prefix of a table from a key on, and decodes up to `limit` values.
template <class Value, class Decode>
result<std::vector<Value>> decode_all(const store::table_store& tables, table where,
                                      std::string_view prefix, Decode decode,
                                      std::string_view from = {},
                                      std::size_t limit = std::numeric_limits<std::size_t>::max()) {
  std::vector<Value> out;
  auto scanned = scan_rows(tables, where, prefix, from,
                           [&](std::string_view key, std::string_view value) -> result<bool> {
                             TRY(auto decoded, decode(key, value));
                             out.push_back(std::move(decoded));
                             return out.size() < limit;
                           });
  if (!scanned)
    return scanned.error();
  return out;
}

/// Of a token for all accounts.
account_list every_account(const store::table_store& tables, const list_accounts& wanted) {
  account_page out;
  out.is_last = true;
  std::size_t bytes = 0;
  const auto from = wanted.after.empty() ? std::string{} : wanted.after + '\0';
  CHECK(scan_rows(tables, table::directory, accounts::account_prefix, from,
                  [&](std::string_view, std::string_view value) -> result<bool> {
                    out.is_last = out.items.size() < wanted.limit && bytes < wanted.room;
                    if (!out.is_last)
                      return false;
                    TRY(auto account, accounts::decode_account(value));
                    out.last = account.account_id;
                    out.items.push_back(std::move(account));
                    bytes += value.size();
                    return true;
                  }));
  return out;
}

/// Of a token that names its accounts, in the order in which a scan would find them.
account_list named_accounts(const store::table_store& tables, const list_accounts& wanted) {
  const auto& ids = wanted.who->token.accounts.ids;
  account_page out;
  std::size_t bytes = 0;
  std::size_t looked_up = 0;
  auto next = std::ranges::upper_bound(ids, wanted.after);
  for (; next != ids.end() && looked_up < wanted.limit && bytes < wanted.room; ++next) {
    TRY(const auto record, tables.get(table::directory, accounts::account_key(*next)));
    ++looked_up;
    out.last = *next;
    if (!record)
      continue;
    TRY(auto account, accounts::decode_account(*record));
    out.items.push_back(std::move(account));
    bytes += record->size();
  }
  out.is_last = next == ids.end();
  return out;
}

} // namespace

uses_reply read_uses(const store::event_log& log, const find_uses& wanted) {
  std::vector<std::string> keys;
  keys.reserve(wanted.keys.size());
  for (const auto& [key, fingerprints] : wanted.keys)
    keys.push_back(key);
  TRY(const auto uses, log.find_uses(wanted.stream, keys));
  used_keys out;
  auto asked = uses.begin();
  for (const auto& [key, fingerprints] : wanted.keys) {
    const auto& use = *asked++;
    if (!use)
      continue;
    auto& found = out[key];
    found.fingerprint = use->fingerprint;
    if (std::ranges::find(fingerprints, use->fingerprint) == fingerprints.end())
      continue;
    TRY(found.event, read_event(log, wanted.stream, use->first_sequence));
  }
  return out;
}

result<store::recorded_event> read_event(const store::event_log& log,
                                         const store::stream_name& stream, std::uint64_t sequence) {
  TRY(auto found, store::first_event(log, stream, sequence));
  if (!found)
    return error{errc::corrupt_log, "stream " + stream + " has no event " +
                                        std::to_string(sequence) + ", which an index names"};
  return std::move(*found);
}

result<std::optional<accounts::account>> stored_account(const store::table_reader& tables,
                                                        const std::string& account_id) {
  TRY(auto record, tables.get(table::directory, accounts::account_key(account_id)));
  if (!record)
    return std::optional<accounts::account>{};
  TRY(auto account, accounts::decode_account(*record));
  return std::optional{std::move(account)};
}

result<referrals::connection> stored_connection(const store::table_store& tables,
                                                const std::string& connection_id) {
  TRY(auto record, tables.get(table::referrals, referrals::connection_key(connection_id)));
  if (!record)
    return error{errc::not_found, "Connection not found"};
  return referrals::decode_connection(*record);
}

account_list read_accounts(const store::table_store& tables, const list_accounts& wanted) {
  return wanted.who->token.accounts.all ? every_account(tables, wanted)
                                        : named_accounts(tables, wanted);
}

token_list read_tokens(const store::table_store& tables, const list_tokens& wanted) {
  list_page<listed_token> out;
  out.is_last = true;
  std::size_t bytes = 0;
  CHECK(scan_rows(tables, table::directory, accounts::token_prefix,
                  be64(static_cast<std::uint64_t>(wanted.after) + 1),
                  [&](std::string_view, std::string_view value) -> result<bool> {
                    out.is_last = out.items.size() < wanted.limit && bytes < wanted.room;
                    if (!out.is_last)
                      return false;
                    TRY(auto token, accounts::decode_token(value));
                    out.items.push_back({std::move(token), 0});
                    bytes += value.size();
                    return true;
                  }));
  for (auto& each : out.items) {
    TRY(const auto fact, read_side_fact(tables, token_use_key(each.token.id)));
    each.last_used = fact.at;
  }
  return out;
}

described_token stored_token_of(const store::table_store& tables, std::int64_t id) {
  TRY(auto record, tables.get(table::directory, accounts::token_key(id)));
  if (!record)
    return std::optional<listed_token>{};
  TRY(auto token, accounts::decode_token(*record));
  TRY(auto fact, read_side_fact(tables, token_use_key(id)));
  return std::optional{listed_token{std::move(token), fact.at}};
}

result<std::vector<listed_connection>> read_connections(const store::table_store& tables,
                                                        std::int64_t brand_id) {
  list_connections all;
  all.brand_id = brand_id;
  all.limit = all.room = std::numeric_limits<std::size_t>::max();
  TRY(auto found, read_connections(tables, all));
  return std::move(found.items);
}

connection_list read_connections(const store::table_store& tables, const list_connections& wanted) {
  const auto from = wanted.after.empty() ? std::string{} : wanted.after + '\0';
  TRY(const auto ids, decode_all<std::string>(
                          tables, table::referrals, referrals::brand_list_prefix(wanted.brand_id),
                          [](std::string_view key, std::string_view) {
                            return referrals::connection_of_list_key(key);
                          },
                          from, wanted.limit));
  list_page<listed_connection> out;
  std::size_t bytes = 0;
  for (const auto& id : ids) {
    auto connection = stored_connection(tables, id);
    if (!connection && connection.error().code == errc::not_found)
      return error{errc::corrupt_log, "connection " + id + " has no record"};
    if (!connection)
      return connection.error();
    TRY(auto fact, read_side_fact(tables, push_fact_key(id)));
    bytes += connection->identity.website.size() + fact.text.size();
    out.items.push_back({std::move(*connection), fact.at, std::move(fact.text)});
    if (bytes >= wanted.room)
      break;
  }
  out.is_last = ids.size() < wanted.limit && out.items.size() == ids.size();
  return out;
}

} // namespace headwater::actors
