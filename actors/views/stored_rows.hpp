#pragma once

// How a reader reads stored rows, as plain functions over the log's read side. They block on the
// disk.

#include "actors/protocol/directory_messages.hpp"
#include "actors/protocol/log_messages.hpp"
#include "actors/protocol/referral_messages.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// One event. errc::corrupt_log if the stream has no event with that sequence.
[[nodiscard]] result<store::recorded_event>
read_event(const store::event_log& log, const store::stream_name& stream, std::uint64_t sequence);

[[nodiscard]] uses_reply read_uses(const store::event_log& log, const find_uses& wanted);

/// An account from the table, bypassing the cache; nothing if there is none.
[[nodiscard]] result<std::optional<accounts::account>>
stored_account(const store::table_reader& tables, const std::string& account_id);

/// A connection from the table, bypassing the cache. errc::not_found, errc::corrupt_log.
[[nodiscard]] result<referrals::connection> stored_connection(const store::table_store& tables,
                                                              const std::string& connection_id);

/// table_reader::scan with a visitor that may fail: `visit(key, value)` returns result<bool>; false
/// ends the scan, and an error ends it and is returned.
template <class Visit>
[[nodiscard]] result<void> scan_rows(const store::table_reader& tables, store::table where,
                                     std::string_view prefix, std::string_view from, Visit visit) {
  std::optional<error> failed;
  auto scanned =
      tables.scan(where, prefix, from, [&](std::string_view key, std::string_view value) {
        result<bool> more = visit(key, value);
        if (!more)
          failed = more.error();
        return more && *more;
      });
  if (scanned && failed)
    return std::move(*failed);
  return scanned;
}

[[nodiscard]] account_list read_accounts(const store::table_store& tables,
                                         const list_accounts& wanted);
/// With last_used as in the side facts, which lag behind.
[[nodiscard]] token_list read_tokens(const store::table_store& tables, const list_tokens& wanted);
/// The same for one token; nothing if there is none.
[[nodiscard]] described_token stored_token_of(const store::table_store& tables, std::int64_t id);
/// All connections of a brand, oldest first.
[[nodiscard]] result<std::vector<listed_connection>>
read_connections(const store::table_store& tables, std::int64_t brand_id);
/// Some of them.
[[nodiscard]] connection_list read_connections(const store::table_store& tables,
                                               const list_connections& wanted);

} // namespace headwater::actors
