#include "actors/views/connection_descriptions.hpp"

#include "actors/views/side_facts.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/projection.hpp"
#include "domain/referrals/rollup_key.hpp"

namespace headwater::actors {
namespace {

using store::table;

/// The sequences of the connection's events other than batches, up to its version.
result<std::vector<std::uint64_t>> read_life(const store::table_store& tables,
                                             const referrals::connection& of) {
  std::vector<std::uint64_t> out;
  auto scanned = scan_rows(tables, table::referrals, referrals::life_prefix(of.identity.id), {},
                           [&](std::string_view key, std::string_view) -> result<bool> {
                             TRY(auto sequence, referrals::sequence_of_life_key(key));
                             if (sequence <= of.version)
                               out.push_back(sequence);
                             return out.size() < of.version;
                           });
  if (!scanned)
    return scanned.error();
  return out;
}

/// The number of rows in a rollup.
result<std::int64_t> rows_of(std::string_view block) {
  std::int64_t rows = 0;
  referrals::rollup_reader reader{block};
  while (reader.next_platform()) {
    do
      rows += reader.cell().rows;
    while (reader.next_cell());
  }
  CHECK(reader.verdict());
  return rows;
}

result<described_connection> described(const store::table_store& tables, listed_connection of) {
  TRY(auto rows, read_row_span(tables, of.connection.identity.id));
  return described_connection{std::move(of), rows};
}

} // namespace

// Three look-ups, however many days there are: no day ever loses its last row, so the first and the
// last rollup of a day are those of the first and the last day.
result<row_span> read_row_span(const store::table_store& tables, const std::string& connection_id) {
  row_span out;
  TRY(const auto counted, tables.get(table::rollups, referrals::row_count_key(connection_id)));
  if (!counted)
    return out;
  TRY(out.rows, rows_of(*counted));
  const auto days =
      referrals::rollup_prefix(referrals::rollup_kind::platforms_of_day, connection_id);
  result<std::int32_t> found = 0;
  const auto take = [&](std::optional<day_number>& day) {
    return [&](std::string_view key, std::string_view) {
      found = referrals::period_of_rollup_key(key);
      if (found)
        day = *found;
      return false;
    };
  };
  CHECK(tables.scan(table::rollups, days, {}, take(out.first)));
  if (!found)
    return found.error();
  CHECK(tables.scan_back(table::rollups, days, take(out.last)));
  if (!found)
    return found.error();
  return out;
}

described_connections describe_connections(const store::table_store& tables,
                                           const list_connections& wanted) {
  TRY(auto known, read_connections(tables, wanted));
  list_page<described_connection> out;
  out.is_last = known.is_last;
  for (auto& each : known.items) {
    TRY(auto one, described(tables, std::move(each)));
    out.items.push_back(std::move(one));
  }
  return out;
}

described_reply describe_connection(const store::table_store& tables,
                                    const std::string& connection_id) {
  TRY(auto connection, stored_connection(tables, connection_id));
  TRY(auto pushes, read_side_fact(tables, push_fact_key(connection_id)));
  return described(tables, {std::move(connection), pushes.at, std::move(pushes.text)});
}

batch_reply read_batches(const store::table_store& tables, const list_batches& wanted) {
  auto connection = stored_connection(tables, wanted.connection_id);
  if (!connection)
    return connection.error();
  TRY(auto life, read_life(tables, *connection));
  auto sequences = referrals::batch_page(connection->version, life, wanted.offset, wanted.limit);
  std::vector<std::string> keys;
  keys.reserve(sequences.size());
  for (auto sequence : sequences)
    keys.push_back(referrals::batch_key(wanted.connection_id, sequence));
  TRY(auto records, tables.get_many(table::referrals, keys));
  batch_list out;
  out.total = connection->version - life.size();
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    auto& stored = records[i];
    if (!stored)
      return error{errc::corrupt_log, "batch " + std::to_string(sequences[i]) + " of connection " +
                                          wanted.connection_id +
                                          " has no record; headwater log rebuild makes it anew"};
    TRY(auto record, referrals::decode_batch_record(*stored));
    out.batches.push_back({sequences[i], std::move(record)});
  }
  return out;
}

} // namespace headwater::actors
