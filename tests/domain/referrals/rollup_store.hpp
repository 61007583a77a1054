#pragma once

// Rollups in a map, read for reports as the service reads those on disk.

#include "domain/referrals/reports/aggregator.hpp"
#include "domain/referrals/rollup_changes.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace headwater::referrals::testing {

class rollup_store {
public:
  using blocks = std::map<std::string, std::string>;

  void add(const platform_row& row, const std::string& connection) {
    change(connection, row.row, [&](rollup_changes& changes, page_id page) {
      changes.add(row.row.date, as_stored(row, page));
    });
  }
  void replace(const platform_row& before, const platform_row& now, const std::string& connection) {
    change(connection, now.row, [&](rollup_changes& changes, page_id page) {
      changes.subtract(before.row.date, as_stored(before, page));
      changes.add(now.row.date, as_stored(now, page));
    });
  }

  void write(const std::vector<block_write>& writes) {
    for (const auto& [key, block] : writes) {
      auto& there = blocks_[key];
      if (there.empty())
        there = block;
      else
        there = merge_rollups(std::vector<std::string_view>{there, block}).value();
    }
  }

  [[nodiscard]] const blocks& all() const { return blocks_; }

  [[nodiscard]] report run(const report_query& query) const {
    aggregator sums{query};
    for (const auto& [connection, pages] : pages_) {
      if (!query.connections.empty() &&
          std::ranges::find(query.connections, connection) == query.connections.end())
        continue;
      const auto number = sums.begin_connection(connection);
      if (!query.page_prefix.empty())
        sums.only_pages(matching(pages, query.page_prefix));
      for (const auto& range : ranges_of(query))
        for (std::uint8_t shard = 0; shard < shards_of(range.kind); ++shard)
          add_range(sums, range, rollup_prefix(range.kind, connection, shard), number);
    }
    const auto wanted = sums.choose();
    BOOST_REQUIRE(wanted);
    for (const auto& each : *wanted)
      sums.name_page(each.page, pages_.at(std::string{each.connection_id}).at(each.page));
    return std::move(sums).finish();
  }

private:
  using names = std::map<page_id, std::string>;

  template <class Change>
  void change(const std::string& connection, const referral_row& row, const Change& with) {
    const auto page = page_id_of(row.raw_page_value);
    pages_[connection].emplace(page, row.raw_page_value);
    rollup_changes changes{connection};
    with(changes, page);
    write(changes.writes());
  }

  static page_set matching(const names& pages, const std::string& prefix) {
    page_set out;
    for (const auto& [page, text] : pages)
      if (text.starts_with(prefix))
        out.insert(page);
    return out;
  }

  void add_range(aggregator& sums, const rollup_range& range, const std::string& prefix,
                 std::uint32_t number) const {
    for (auto at = blocks_.lower_bound(prefix + rollup_suffix(range.first));
         at != blocks_.end() && at->first.starts_with(prefix); ++at) {
      const auto period = period_of_rollup_key(at->first).value();
      if (period > range.last)
        break;
      BOOST_REQUIRE(sums.add(number, range.kind, period, at->second));
    }
  }

  blocks blocks_;
  std::map<std::string, names> pages_;
};

} // namespace headwater::referrals::testing
