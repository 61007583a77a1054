#include "domain/referrals/rollup.hpp"
#include "domain/referrals/rollup_key.hpp"
#include "rollup_store.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <limits>
#include <random>

using namespace headwater;
using namespace headwater::referrals;
using headwater::referrals::testing::rollup_store;

namespace {

const std::string first_connection = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const std::string second_connection = "01BX5ZZKBKACTAV9WEVGEMMVRZ";
const day_number first_day = *parse_date("2026-01-20");

rollup_cell cell_of(const row_metrics& metrics) {
  rollup_cell cell;
  cell.add(amounts_of(metrics), 1);
  return cell;
}

std::string block(std::string_view platform, page_id page, const rollup_cell& cell) {
  rollup_writer out;
  out.add(platform, page, cell);
  return std::move(out).finish();
}

std::string merged_sums(std::vector<std::string_view> blocks) {
  return merge_rollups(blocks).value();
}

/// Rows, kept one for each key as the store does, and their sums by the plainest means.
class random_rows {
public:
  explicit random_rows(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t end) {
    return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
  }

  platform_row make() {
    static const std::vector<std::string> platforms = {"ChatGPT", "Claude", "Perplexity", "Grok"};
    static const std::vector<std::string> pages = {"/",     "/a",      "/a/b", "/blog", "/blog/x",
                                                   "/shop", "/shop/1", "?q=1", "/a\n"};
    static const std::vector<std::string> referrers = {"raw", "raw/1", "raw 2"};
    auto amount = [&]() -> std::optional<std::int64_t> {
      constexpr std::int64_t large = row_limits::max_count;
      const std::int64_t some[] = {0, 0, 1, 2, 99, large};
      return below(4) == 0 ? std::nullopt : std::optional{some[below(6)]};
    };
    auto money = amount();
    return {{first_day + static_cast<day_number>(below(120)),
             referrers[below(referrers.size())],
             pages[below(pages.size())],
             {amount(), amount(), amount(), money ? std::optional{revenue{*money}} : std::nullopt},
             std::nullopt},
            platforms[below(platforms.size())]};
  }

  report_query query() {
    report_query out;
    out.first_day = first_day + static_cast<day_number>(below(60));
    out.last_day = out.first_day + static_cast<day_number>(below(90));
    out.grain = static_cast<time_grain>(1 + below(4));
    out.by_platform = below(2) == 0;
    out.by_page = below(2) == 0;
    out.by_connection = below(3) == 0;
    if (below(3) == 0)
      out.platforms = {"Claude", "Grok"};
    if (below(4) == 0)
      out.connections = {second_connection};
    if (below(3) == 0)
      out.page_prefix = below(2) == 0 ? "/blog" : "/a";
    if (below(2) == 0)
      out.order.push_back({sort_column::sessions, below(2) == 0});
    if (out.by_page && below(3) == 0)
      out.order.push_back({sort_column::page, below(2) == 0});
    out.limit = 1 + below(30);
    out.offset = below(10);
    return out;
  }

private:
  std::mt19937 random_;
};

using stored_rows = std::map<std::tuple<std::string, day_number, std::string, std::string>,
                             std::pair<platform_row, std::array<std::string, 3>>>;

bool counts(const report_query& query, const std::string& connection, const platform_row& row) {
  auto listed = [](const auto& any, const auto& value) {
    return any.empty() || std::ranges::find(any, value) != any.end();
  };
  return row.row.date >= query.first_day && row.row.date <= query.last_day &&
         listed(query.platforms, row.platform) && listed(query.connections, connection) &&
         row.row.raw_page_value.starts_with(query.page_prefix);
}

void add_amount(std::optional<revenue_sum>& sum, const std::optional<std::int64_t>& amount) {
  if (amount)
    sum = sum.value_or(0) + *amount;
}

void add_row(report_sums& sums, const row_metrics& metrics) {
  const auto amounts = amounts_of(metrics);
  add_amount(sums.pageviews, amounts[0]);
  add_amount(sums.sessions, amounts[1]);
  add_amount(sums.transactions, amounts[2]);
  add_amount(sums.purchase_revenue, amounts[3]);
}

/// All groups of a report, without order.
std::vector<report_row> plain_groups(const report_query& query, const stored_rows& rows) {
  std::map<std::tuple<day_number, std::string, std::string, std::string>, report_row> groups;
  for (const auto& [key, stored] : rows) {
    const auto& row = stored.first;
    const auto& connection = std::get<0>(key);
    if (!counts(query, connection, row))
      continue;
    report_row group;
    if (query.grain != time_grain::none)
      group.date = group_start(row.row.date, query.grain);
    if (query.by_platform)
      group.platform = row.platform;
    if (query.by_page)
      group.page = row.row.raw_page_value;
    if (query.by_connection)
      group.connection = connection;
    auto& sums = groups
                     .try_emplace({group.date.value_or(0), group.platform.value_or(""),
                                   group.page.value_or(""), group.connection.value_or("")},
                                  group)
                     .first->second.sums;
    add_row(sums, row.row.metrics);
  }
  std::vector<report_row> out;
  for (auto& [key, group] : groups)
    out.push_back(std::move(group));
  return out;
}

report plain_report(const report_query& query, const stored_rows& rows) {
  report out;
  for (const auto& [key, stored] : rows)
    if (counts(query, std::get<0>(key), stored.first))
      add_row(out.totals, stored.first.row.metrics);
  out.rows = plain_groups(query, rows); // in ascending order of the group columns
  out.total = out.rows.size();
  std::ranges::stable_sort(out.rows, [&](const report_row& a, const report_row& b) {
    for (auto [column, descending] : query.order) {
      const auto left = column == sort_column::page ? 0 : 1;
      const auto order = left == 0                            ? a.page->compare(*b.page)
                         : a.sums.sessions == b.sums.sessions ? 0
                         : a.sums.sessions < b.sums.sessions  ? -1
                                                              : 1;
      if (order != 0)
        return descending ? order > 0 : order < 0;
    }
    return false;
  });
  out.rows.erase(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(
                                                          std::min(query.offset, out.rows.size())));
  out.rows.resize(std::min(query.limit, out.rows.size()));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rollups)

BOOST_AUTO_TEST_CASE(a_block_gives_back_its_cells) {
  const auto a = cell_of({1, std::nullopt, 0, revenue{revenue::max_millionths}});
  auto b = cell_of({row_limits::max_count, 2, std::nullopt, std::nullopt});
  b.add(cell_of({5, std::nullopt, std::nullopt, revenue{1}}));
  rollup_writer out;
  out.add("ChatGPT", 7, a);
  out.add("ChatGPT", std::numeric_limits<page_id>::max(), b);
  out.add("Claude", 3, b);
  const auto text = std::move(out).finish();
  rollup_reader from{text};
  BOOST_REQUIRE(from.next_platform());
  BOOST_TEST(from.platform() == "ChatGPT");
  BOOST_TEST(from.page() == 7U);
  BOOST_TEST((from.cell() == a));
  BOOST_REQUIRE(from.next_cell());
  BOOST_TEST(from.page() == std::numeric_limits<page_id>::max());
  BOOST_TEST((from.cell() == b));
  BOOST_TEST(!from.next_cell());
  BOOST_REQUIRE(from.next_platform());
  BOOST_TEST(from.platform() == "Claude");
  BOOST_TEST((from.cell() == b));
  BOOST_TEST(!from.next_platform());
  BOOST_TEST(from.verdict().has_value());
}

BOOST_AUTO_TEST_CASE(null_is_not_zero) {
  auto cell = cell_of({std::nullopt, 0, std::nullopt, std::nullopt});
  BOOST_TEST(cell.metrics[0].known == 0);
  BOOST_TEST(cell.metrics[1].known == 1);
  const auto text = block("X", 0, cell);
  rollup_reader from{text};
  BOOST_REQUIRE(from.next_platform());
  BOOST_TEST((from.cell() == cell));
}

BOOST_AUTO_TEST_CASE(what_is_taken_away_leaves_nothing) {
  const row_metrics metrics{1, 2, std::nullopt, revenue{3}};
  rollup_cell away;
  away.add(amounts_of(metrics), -1);
  const auto there = block("X", 9, cell_of(metrics));
  BOOST_TEST(merged_sums({there, block("X", 9, away)}) == merged_sums({}));
  BOOST_TEST(merged_sums({there, block("X", 9, away), there}) == there);
}

BOOST_AUTO_TEST_CASE(merging_does_not_depend_on_order_or_grouping) {
  std::vector<std::string> blocks;
  for (std::int64_t i = 0; i < 40; ++i)
    blocks.push_back(block(
        i % 3 == 0 ? "A" : "B", static_cast<page_id>(i % 7),
        cell_of({i, i % 2 == 0 ? std::nullopt : std::optional{i}, std::nullopt, revenue{i}})));
  const std::vector<std::string_view> all{blocks.begin(), blocks.end()};
  const auto at_once = merged_sums(all);
  const auto halves = merged_sums(
      {merged_sums({all.begin(), all.begin() + 20}), merged_sums({all.begin() + 20, all.end()})});
  auto turned = merged_sums({all.rbegin(), all.rend()});
  BOOST_TEST(halves == at_once);
  BOOST_TEST(turned == at_once);
}

BOOST_AUTO_TEST_CASE(a_block_that_is_cut_or_changed_in_its_frame_is_refused) {
  const auto good = block("ChatGPT", 12345, cell_of({1, 2, 3, revenue{4}}));
  for (std::size_t size = 2; size < good.size(); ++size) {
    rollup_reader from{std::string_view{good}.substr(0, size)};
    while (from.next_platform())
      while (from.next_cell()) {
      }
    BOOST_TEST(from.verdict().has_error(), "cut to " << size);
  }
  auto other = good;
  other[0] = 2;
  BOOST_TEST(rollup_reader{other}.verdict().has_error());
  BOOST_TEST(rollup_reader{""}.verdict().has_error());
  const std::string_view bad[] = {good, other};
  BOOST_TEST(!merge_rollups(bad).has_value());
}

BOOST_AUTO_TEST_CASE(months_stand_in_for_their_days_where_only_pages_matter) {
  report_query query;
  query.first_day = *parse_date("2026-01-20");
  query.last_day = *parse_date("2026-04-10");
  query.by_page = true;
  using enum rollup_kind;
  const auto january = month_of(query.first_day);
  BOOST_TEST((ranges_of(query) == std::vector<rollup_range>{
                                      {pages_of_day, query.first_day, *parse_date("2026-01-31")},
                                      {pages_of_month, january + 1, january + 2},
                                      {pages_of_day, *parse_date("2026-04-01"), query.last_day}}));
  query.first_day = *parse_date("2026-01-01");
  query.last_day = *parse_date("2026-01-31");
  BOOST_TEST((ranges_of(query) == std::vector<rollup_range>{{pages_of_month, january, january}}));
  query.last_day -= 1;
  BOOST_TEST((ranges_of(query) ==
              std::vector<rollup_range>{{pages_of_day, query.first_day, query.last_day}}));
  query.last_day += 1;
  query.by_platform = true;
  BOOST_TEST((ranges_of(query) ==
              std::vector<rollup_range>{{pages_of_day, query.first_day, query.last_day}}));
  query.by_page = false;
  BOOST_TEST((ranges_of(query) ==
              std::vector<rollup_range>{{platforms_of_day, query.first_day, query.last_day}}));
}

BOOST_AUTO_TEST_CASE(months_and_keys_work_before_1970) {
  BOOST_TEST(month_of(*parse_date("1969-12-31")) == -1);
  BOOST_TEST(first_day_of(-1) == *parse_date("1969-12-01"));
  BOOST_TEST(first_day_of(month_of(*parse_date("2024-02-29"))) == *parse_date("2024-02-01"));
  const auto key = rollup_key(rollup_kind::pages_of_month, first_connection, -1, 3);
  BOOST_TEST(period_of_rollup_key(key).value() == -1);
  BOOST_TEST(period_of_rollup_key(key.substr(1)).has_error());
  BOOST_TEST((key < rollup_key(rollup_kind::pages_of_month, first_connection, 0, 3)));
}

BOOST_AUTO_TEST_CASE(reports_of_rollups_equal_reports_of_rows) {
  const auto* given = std::getenv("HEADWATER_SEED");
  const unsigned seed = given ? static_cast<unsigned>(std::atoi(given)) : 20261121;
  BOOST_TEST_MESSAGE("seed " << seed);
  random_rows random{seed};
  rollup_store store;
  stored_rows rows;
  for (int i = 0; i < 4000; ++i) {
    auto row = random.make();
    const auto& connection = random.below(3) == 0 ? second_connection : first_connection;
    std::tuple key{connection, row.row.date, std::string{row.row.raw_referrer_value},
                   std::string{row.row.raw_page_value}};
    auto& there = rows[key];
    const bool fresh = there.second[0].empty();
    const auto before = there.first;
    there.second = {std::string{row.row.raw_referrer_value}, std::string{row.row.raw_page_value},
                    std::string{row.platform}};
    there.first = row;
    there.first.row.raw_referrer_value = there.second[0];
    there.first.row.raw_page_value = there.second[1];
    auto old = before;
    old.row.raw_page_value = row.row.raw_page_value;
    if (fresh)
      store.add(row, connection);
    else
      store.replace(old, row, connection);
  }
  rollup_store anew;
  for (const auto& [key, stored] : rows)
    anew.add(stored.first, std::get<0>(key));
  BOOST_TEST((anew.all() == store.all()));

  for (int i = 0; i < 500; ++i) {
    const auto query = random.query();
    const auto got = store.run(query);
    const auto expected = plain_report(query, rows);
    BOOST_TEST_CONTEXT("seed " << seed << ", query " << i) {
      BOOST_REQUIRE(got.total == expected.total);
      BOOST_REQUIRE((got.totals == expected.totals));
      BOOST_REQUIRE(to_json(got, query).value() == to_json(expected, query).value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
