#include "actors/reporting.hpp"

#include "actors/ingest_plan.hpp"
#include "actors/reading.hpp"
#include "domain/referrals/aggregator.hpp"
#include "domain/referrals/projection.hpp"

#include <algorithm>

namespace headwater::actors {
namespace {

using store::table;

/// The pages of a connection whose text begins so.
result<std::unordered_set<referrals::page_id>> pages_with(const store::event_log& log,
                                                          const std::string& connection_id,
                                                          const std::string& beginning) {
  std::unordered_set<referrals::page_id> out;
  result<void> read;
  auto scanned = log.scan(table::referrals, referrals::page_prefix(connection_id), {},
                          [&](std::string_view key, std::string_view text) {
                            if (!text.starts_with(beginning))
                              return true;
                            auto page = referrals::page_of_key(key);
                            if (page)
                              out.insert(*page);
                            else
                              read = page.error();
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

result<void> name_pages(const store::event_log& log,
                        const std::vector<referrals::wanted_page>& wanted,
                        referrals::aggregator& into) {
  std::vector<std::string> keys;
  keys.reserve(wanted.size());
  for (const auto& each : wanted)
    keys.push_back(referrals::page_key(each.connection_id, each.page));
  auto texts = log.get_many(table::referrals, keys);
  if (!texts)
    return texts.error();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto& text = (*texts)[i];
    if (!text)
      return error{errc::corrupt_log, "connection " + std::string{wanted[i].connection_id} +
                                          ": a page that its rollups count has no name"};
    into.name_page(wanted[i].page, std::move(*text));
  }
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
