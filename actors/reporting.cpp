#include "actors/reporting.hpp"

#include "actors/ingest_plan.hpp"
#include "actors/reading.hpp"
#include "domain/referrals/aggregator.hpp"
#include "domain/referrals/page_block.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace headwater::actors {
namespace {

using store::table;

/// The pages of a connection whose text begins so.
result<std::unordered_set<referrals::page_id>> pages_with(const store::event_log& log,
                                                          const std::string& connection_id,
                                                          const std::string& beginning) {
  std::unordered_set<referrals::page_id> out;
  result<void> read;
  auto scanned = log.scan(table::rows, referrals::page_block_prefix(connection_id), {},
                          [&](std::string_view, std::string_view block) {
                            referrals::block_reader pages{block};
                            while (pages.next())
                              if (pages.value().starts_with(beginning))
                                out.insert(referrals::page_id_of_hash(pages.hash()));
                            read = pages.verdict();
                            return read.has_value();
                          });
  if (!scanned)
    return scanned.error();
  if (!read)
    return read.error();
  return out;
}

result<void> add_range(const store::event_log& log, const std::string& connection_id,
                       const referrals::rollup_range& range, referrals::aggregator& into) {
  result<void> added;
  auto scanned = log.scan(
      table::rollups, referrals::rollup_prefix(range.kind, connection_id),
      referrals::rollup_suffix(range.first), [&](std::string_view key, std::string_view block) {
        auto period = referrals::period_of_rollup_key(key);
        if (period && *period > range.last)
          return false;
        added = period ? into.add(range.kind, *period, block) : result<void>{period.error()};
        return added.has_value() && !into.too_large();
      });
  return scanned ? added : scanned;
}

result<void> add_connection(const store::event_log& log, const std::string& connection_id,
                            const referrals::report_query& query, referrals::aggregator& into) {
  into.begin_connection(connection_id);
  if (!query.page_prefix.empty()) {
    auto pages = pages_with(log, connection_id, query.page_prefix);
    if (!pages)
      return pages.error();
    into.only_pages(std::move(*pages));
  }
  for (const auto& range : referrals::ranges_of(query))
    if (auto added = add_range(log, connection_id, range, into); !added)
      return added;
  return {};
}

/// Names the wanted pages that lie in one block.
result<void> name_from(const store::event_log& log, const std::string& key,
                       const std::unordered_set<referrals::page_id>& wanted,
                       referrals::aggregator& into) {
  auto block = log.get(table::rows, key);
  if (!block)
    return block.error();
  std::size_t named = 0;
  if (*block) {
    referrals::block_reader pages{**block};
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

result<void> name_pages(const store::event_log& log,
                        const std::vector<referrals::wanted_page>& wanted,
                        referrals::aggregator& into) {
  std::unordered_map<std::string, std::unordered_set<referrals::page_id>> by_block;
  for (const auto& each : wanted)
    by_block[referrals::page_block_key(each.connection_id, each.page)].insert(each.page);
  for (const auto& [key, pages] : by_block)
    if (auto named = name_from(log, key, pages, into); !named)
      return named;
  return {};
}

} // namespace

report_reply read_report(const store::event_log& log, const report_request& wanted) {
  const auto& query = wanted.query;
  auto connections = read_connections(log, wanted.brand_id);
  if (!connections)
    return as_request_error(connections.error());
  referrals::aggregator sums{query};
  for (const auto& listed : *connections) {
    const auto& id = listed.connection.identity.id;
    const auto counts = query.connections.empty()
                            ? listed.connection.status == referrals::connection_status::active
                            : std::ranges::find(query.connections, id) != query.connections.end();
    if (!counts)
      continue;
    if (auto added = add_connection(log, id, query, sums); !added)
      return as_request_error(added.error());
  }
  auto pages = sums.choose();
  if (!pages)
    return pages.error();
  if (auto named = name_pages(log, *pages, sums); !named)
    return as_request_error(named.error());
  return std::move(sums).finish();
}

} // namespace headwater::actors
