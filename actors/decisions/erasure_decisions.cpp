#include "actors/decisions/erasure_decisions.hpp"

#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/side_facts.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/accounts/erasure_scope.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/key_prefixes.hpp"
#include "domain/referrals/projection.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

using store::table;

/// Finds the events of the system stream that concern the account.
result<accounts::erasure_scope> read_scope(const store::event_log& log,
                                           const std::string& account_id) {
  accounts::erasure_scope out{account_id};
  const store::stream_name stream{system_stream};
  auto read = log.read_stream(stream, 1, [&](const store::recorded_event& event) -> result<void> {
    const auto& header = event.header;
    if (!event.part)
      return {}; // it was erased together with another account
    auto decoded = accounts::decode_system_event(header.type, header.schema, event.payload);
    if (!decoded)
      return error{errc::corrupt_log, "stream " + stream + ", sequence " +
                                          std::to_string(header.sequence) + ": " +
                                          decoded.error().message};
    out.add(*decoded, static_cast<std::int64_t>(header.sequence));
    return {};
  });
  if (!read)
    return read.error();
  return out;
}

/// Notes the hashes of the tokens that go, and their rows in other tables.
result<void> add_tokens(const store::table_store& tables, decided_erasure& out) {
  for (const auto id : out.event.token_ids) {
    auto record = tables.get(table::directory, accounts::token_key(id));
    if (!record)
      return record.error();
    if (!*record)
      return error{errc::corrupt_log, "token " + std::to_string(id) + " has no record"};
    TRY(auto token, accounts::decode_token(**record));
    out.token_hashes.push_back(token.token_hash);
    std::ranges::move(token_count_writes(token, true), std::back_inserter(out.token_counts));
  }
  return {};
}

} // namespace

result<decided_erasure> decide_erasure(const store::event_log& log,
                                       const store::table_store& tables,
                                       const std::string& account_id) {
  TRY(auto account, stored_account(tables, account_id));
  if (!account)
    return error{errc::account_not_found, "Account not found"};
  TRY(auto scope, read_scope(log, account_id));
  TRY(auto next, tables.get(table::directory, accounts::next_token_key));
  TRY(auto next_id, next ? accounts::decode_id(*next) : result<std::int64_t>{1});
  decided_erasure out;
  out.event = {account_id, account->brand_ids, {}, next_id, scope.events(), scope.token_ids()};
  CHECK(add_tokens(tables, out));
  return out;
}

result<void> add_connections(const store::table_store& tables, accounts::account_erased& event) {
  for (const auto brand : event.brand_ids) {
    auto scanned = scan_rows(tables, table::referrals, referrals::brand_list_prefix(brand), {},
                             [&](std::string_view key, std::string_view) -> result<bool> {
                               TRY(auto id, referrals::connection_of_list_key(key));
                               event.connections.push_back(std::move(id));
                               return true;
                             });
    if (!scanned)
      return scanned;
  }
  return {};
}

result<append_message> erasure_append(const store::event_log& log, const origin& by,
                                      const decided_erasure& erasure) {
  append_message out;
  out.request.stream = system_stream;
  TRY(auto version, log.version(out.request.stream));
  out.request.expected_version = version;
  const auto encoded = accounts::encode(erasure.event);
  store::append_command command;
  command.events.push_back(make_event(by, encoded.type, encoded.schema, encoded.payload));
  // No event contains the hash of a token without the token, so these rows cannot be projected.
  for (const auto& hash : erasure.token_hashes)
    command.writes.push_back({table::directory, accounts::hash_key(hash), std::nullopt});
  command.writes.insert(command.writes.end(), erasure.token_counts.begin(),
                        erasure.token_counts.end());
  command.late_writes = [event = accounts::system_event(erasure.event)](auto headers) {
    return directory_writes(event, {headers[0].sequence, headers[0].time});
  };
  out.request.commands.push_back(std::move(command));
  out.closes = erased_streams(erasure.event);
  return out;
}

std::vector<store::stream_name> erased_streams(const accounts::account_erased& event) {
  std::vector<store::stream_name> out{account_stream(event.account_id)};
  for (const auto& connection : event.connections)
    out.push_back(connection_stream(connection));
  return out;
}

std::vector<store::row_range> erased_rows(const accounts::account_erased& event) {
  std::vector<store::row_range> out;
  const auto add = [&out](table where, const std::vector<std::string>& prefixes) {
    for (const auto& prefix : prefixes)
      out.push_back(store::rows_with(where, prefix));
  };
  for (const auto brand : event.brand_ids) {
    add(table::directory, {accounts::platforms_prefix(brand)});
    add(table::referrals, referrals::prefixes_of_brand(brand));
    add(table::referrals, {registration_use_prefix(brand)});
    out.push_back(store::row_at(table::usage, brand_usage_key(brand)));
  }
  for (const auto& connection : event.connections) {
    const auto prefixes = referrals::prefixes_of_connection(connection);
    add(table::referrals, prefixes.referrals);
    add(table::rows, prefixes.rows);
    add(table::rollups, prefixes.rollups);
    out.push_back(store::row_at(table::side_facts, push_fact_key(connection)));
  }
  for (const auto& stream : erased_streams(event))
    add(table::states, {store::stream_key(stream)});
  out.push_back(store::row_at(table::usage, account_usage_key(event.account_id)));
  for (const auto token : event.token_ids)
    out.push_back(store::row_at(table::side_facts, token_use_key(token)));
  return out;
}

std::chrono::seconds erasure_pause(unsigned failures_before) {
  constexpr std::chrono::seconds first{10};
  constexpr std::chrono::seconds most{300};
  constexpr unsigned enough = 5; // doublings until it is more than the most
  return std::min(first * (1U << std::min(failures_before, enough)), most);
}

} // namespace headwater::actors
