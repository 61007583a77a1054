#pragma once

// Rollups in a map, read for reports as the service reads those on disk.

#include "domain/core/try.hpp"
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
    return run_within(query, aggregator::max_bytes).value();
  }
  [[nodiscard]] result<report> run_within(const report_query& query, std::size_t bytes) const {
    aggregator sums{query, bytes};
    std::map<std::string, std::uint32_t> numbers;
    for (const auto& [connection, pages] : pages_) {
      if (!query.connections.empty() &&
          std::ranges::find(query.connections, connection) == query.connections.end())
        continue;
      numbers.emplace(connection, sums.begin_connection(connection));
      if (!query.page_prefix.empty())
        sums.only_pages(matching(pages, query.page_prefix));
    }
    for (std::uint8_t shard = 0; shard < rollup_shards; ++shard) {
      for (const auto& [connection, number] : numbers)
        for (const auto& range : ranges_of(query))
          if (shard < shards_of(range.kind))
            add_range(sums, range, rollup_prefix(range.kind, connection, shard), number);
      if (sums.groups_are_of_a_shard())
        CHECK(settle(sums));
    }
    if (!sums.groups_are_of_a_shard())
      CHECK(settle(sums));
    return std::move(sums).finish();
  }

private:
  using names = std::map<page_id, std::string>;

  result<void> settle(aggregator& sums) const {
    TRY(const auto wanted, sums.choose());
    for (const auto& each : wanted)
      sums.name_page(each.page, pages_.at(std::string{each.connection_id}).at(each.page));
    return sums.settle();
  }

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
