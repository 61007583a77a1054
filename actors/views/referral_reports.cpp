#include "actors/views/referral_reports.hpp"

#include "actors/views/stored_rows.hpp"
#include "domain/core/keyed_hash.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/page_block.hpp"
#include "domain/referrals/reports/aggregator.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace headwater::actors {
namespace {

using store::table;

/// The pages of a connection whose text starts with the prefix.
result<referrals::page_set> pages_with(const store::table_reader& tables,
                                       const std::string& connection_id,
                                       const std::string& beginning) {
  referrals::page_set out;
  auto scanned = scan_rows(tables, table::rows, referrals::page_block_prefix(connection_id), {},
                           [&](std::string_view, std::string_view block) -> result<bool> {
                             referrals::block_reader pages{block};
                             while (pages.next())
                               if (pages.value().starts_with(beginning))
                                 out.insert(referrals::page_id_of_hash(pages.hash()));
                             CHECK(pages.verdict());
                             return true;
                           });
  if (!scanned)
    return scanned.error();
  return out;
}

/// A connection of the report, and its number in it.
struct counted_connection {
  std::string id;
  std::uint32_t number;
};

/// The caller gives up at that time, and then nobody reads the report.
result<void> check_time(steady_time waits_until) {
  if (std::chrono::steady_clock::now() > waits_until)
    return error{errc::service_unavailable, "The service is busy with reports; retry"};
  return {};
}

result<void> add_range(const store::table_reader& tables, const counted_connection& connection,
                       const referrals::rollup_range& range, std::uint8_t shard,
                       steady_time waits_until, referrals::aggregator& into) {
  return scan_rows(tables, table::rollups,
                   referrals::rollup_prefix(range.kind, connection.id, shard),
                   referrals::rollup_suffix(range.first),
                   [&](std::string_view key, std::string_view block) -> result<bool> {
                     TRY(auto period, referrals::period_of_rollup_key(key));
                     if (period > range.last)
                       return false;
                     CHECK(check_time(waits_until));
                     CHECK(into.add(connection.number, range.kind, period, block));
                     return !into.too_large();
                   });
}

/// Begins the connections that count: the active ones, or those that the query names.
result<std::vector<counted_connection>> enter(const store::table_store& tables,
                                              const store::table_reader& at_once,
                                              const report_request& wanted,
                                              referrals::aggregator& into) {
  const auto& query = wanted.query;
  TRY(auto all, read_connections(tables, wanted.brand_id));
  std::vector<counted_connection> out;
  for (const auto& listed : all) {
    const auto& id = listed.connection.identity.id;
    const auto counts = query.connections.empty()
                            ? listed.connection.status == referrals::connection_status::active
                            : std::ranges::find(query.connections, id) != query.connections.end();
    if (!counts)
      continue;
    out.push_back({id, into.begin_connection(id)});
    if (query.page_prefix.empty())
      continue;
    TRY(auto pages, pages_with(at_once, id, query.page_prefix));
    into.only_pages(std::move(pages));
  }
  return out;
}

/// Names the wanted pages of one block.
result<void> name_from(const store::table_reader& tables, const std::string& key,
                       const referrals::page_set& wanted, referrals::aggregator& into) {
  TRY(auto block, tables.get(table::rows, key));
  std::size_t named = 0;
  if (block) {
    referrals::block_reader pages{*block};
    while (pages.next()) {
      const auto page = referrals::page_id_of_hash(pages.hash());
      if (!wanted.contains(page))
        continue;
      into.name_page(page, std::string{pages.value()});
      ++named;
    }
    if (auto whole = pages.verdict(); !whole)
      return whole;
  }
  if (named < wanted.size())
    return error{errc::corrupt_log, "pages that rollups count have no name in the table of rows"};
  return {};
}

result<void> name_pages(const store::table_reader& tables,
                        const std::vector<referrals::wanted_page>& wanted,
                        referrals::aggregator& into) {
  text_map<referrals::page_set> by_block;
  for (const auto& each : wanted)
    by_block[referrals::page_block_key(each.connection_id, each.page)].insert(each.page);
  for (const auto& [key, pages] : by_block)
    if (auto named = name_from(tables, key, pages, into); !named)
      return named;
  return {};
}

result<void> settle(const store::table_reader& tables, referrals::aggregator& sums) {
  TRY(const auto pages, sums.choose());
  CHECK(name_pages(tables, pages, sums));
  return sums.settle();
}

/// Shard by shard, so that only a few groups are added to at a time, and those of a page are
/// complete before the next ones come.
result<void> add_all(const store::table_reader& tables,
                     const std::vector<counted_connection>& connections,
                     const report_request& wanted, referrals::aggregator& into) {
  const auto ranges = referrals::ranges_of(wanted.query);
  for (std::uint8_t shard = 0; shard < referrals::rollup_shards; ++shard) {
    for (const auto& connection : connections)
      for (const auto& range : ranges)
        if (shard < referrals::shards_of(range.kind))
          CHECK(add_range(tables, connection, range, shard, wanted.waits_until, into));
    if (into.groups_are_of_a_shard())
      CHECK(settle(tables, into));
  }
  return into.groups_are_of_a_shard() ? result<void>{} : settle(tables, into);
}

} // namespace

report_reply read_report(const store::table_store& tables, const report_request& wanted) {
  CHECK(check_time(wanted.waits_until));
  // A view, because a batch that arrives in between would be in only some of the sums.
  const auto at_once = tables.view();
  referrals::aggregator sums{wanted.query};
  TRY(auto connections, enter(tables, *at_once, wanted, sums));
  CHECK(add_all(*at_once, connections, wanted, sums));
  return std::move(sums).finish();
}

} // namespace headwater::actors
