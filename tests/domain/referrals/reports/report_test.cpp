#include "domain/referrals/reports/report.hpp"
#include "tests/domain/referrals/rollup_store.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace headwater;
using namespace headwater::referrals;
using headwater::referrals::testing::rollup_store;

namespace {

using parameters = std::vector<query_parameter>;

const day_number report_day = *parse_date("2026-05-20");
const std::string first_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const std::string second_id = "01BX5ZZKBKACTAV9WEVGEMMVRZ";

std::string faults(const parameters& given) {
  auto query = read_report_query(given, report_day);
  if (query)
    return "ok";
  std::string out;
  for (const auto& fault : query.error().faults)
    out += (out.empty() ? "" : "; ") + std::get<std::string>(fault.at.steps().at(1)) + " " +
           fault.type;
  return out;
}

report_query query_of(const parameters& given) {
  return read_report_query(given, report_day).value();
}

platform_row row(std::string_view date, std::string_view platform, std::string_view page,
                 row_metrics metrics) {
  return {{*parse_date(date), "raw", page, metrics, std::nullopt}, platform};
}

report run(const report_query& query) {
  rollup_store sums;
  sums.add(row("2026-05-18", "ChatGPT", "/a", {1, 2, std::nullopt, revenue{100'000}}), first_id);
  sums.add(row("2026-05-19", "ChatGPT", "/b", {3, std::nullopt, std::nullopt, std::nullopt}),
           first_id);
  sums.add(row("2026-05-19", "Claude", "/a", {5, 0, std::nullopt, revenue{200'000}}), second_id);
  sums.add(row("2026-04-30", "Claude", "/a/x", {7, 1, std::nullopt, revenue{1}}), second_id);
  sums.add(row("2026-04-01", "Claude", "/a", {1000, 1, 1, revenue{1}}), second_id);
  return sums.run(query);
}

std::string json(const parameters& given) {
  auto query = query_of(given);
  return to_json(run(query), query).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(the_default_is_the_last_30_days_by_date) {
  auto query = query_of({});
  BOOST_TEST(to_date_string(query.first_day) == "2026-04-21");
  BOOST_TEST(query.last_day == report_day);
  BOOST_TEST((query.grain == time_grain::date));
  BOOST_TEST(query_of({{"end_date", "2026-03-31"}}).first_day == *parse_date("2026-03-02"));
  BOOST_TEST(query_of({{"start_date", "2026-05-01"}}).last_day == report_day);
  BOOST_TEST(query_of({{"start_date", "2026-05-25"}}).last_day == *parse_date("2026-05-25"));
}

BOOST_AUTO_TEST_CASE(a_report_covers_at_most_366_days) {
  BOOST_TEST(faults({{"start_date", "2024-01-01"}, {"end_date", "2024-12-31"}}) == "ok");
  BOOST_TEST(faults({{"start_date", "2024-01-01"}, {"end_date", "2025-01-01"}}) ==
             "start_date value_error");
  BOOST_TEST(faults({{"start_date", "2024-01-02"}, {"end_date", "2024-01-01"}}) ==
             "end_date value_error");
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once_and_unknown_names_ignored) {
  BOOST_TEST(faults({{"start_date", "2026-02-30"},
                     {"end_date", "soon"},
                     {"group_by", "hour"},
                     {"connection", "x"},
                     {"order_by", "clicks"},
                     {"limit", "0"},
                     {"offset", "-1"},
                     {"colour", "red"}}) ==
             "start_date date_parsing; end_date date_parsing; group_by enum; "
             "connection ulid_parsing; order_by enum; limit greater_than_equal; "
             "offset int_parsing");
  BOOST_TEST(faults({{"limit", "10001"}}) == "limit less_than_equal");
  BOOST_TEST(faults({{"limit", "99999999999999999999999"}}) == "limit int_parsing");
  BOOST_TEST(faults({{"limit", "1.5"}}) == "limit int_parsing");
  BOOST_TEST(faults({{"group_by", "date,week"}}) == "group_by value_error");
  BOOST_TEST(faults({{"group_by", "platform"}, {"order_by", "page"}}) == "order_by enum");
  BOOST_TEST(faults({{"group_by", "week"}, {"order_by", "month"}}) == "order_by enum");
  BOOST_TEST(faults({{"order_by", "week"}}) == "order_by enum");
  BOOST_TEST(faults({{"order_by", "date,-date,date"}}) == "order_by value_error");
  BOOST_TEST(faults({{"group_by", "week"}, {"order_by", "week,date"}}) == "order_by value_error");
  BOOST_TEST(faults({{"order_by", "sessions"}, {"order_by", "sessions"}}) ==
             "order_by value_error");
  BOOST_TEST(faults({{"limit", ""}, {"group_by", ""}}) == "ok");
}

BOOST_AUTO_TEST_CASE(lists_are_repeated_or_separated_by_commas) {
  auto query = query_of({{"group_by", "platform, page"},
                         {"group_by", "week"},
                         {"platform", "ChatGPT,Claude"},
                         {"platform", "Grok"},
                         {"connection", "01arz3ndektsv4rrffq69g5fav"},
                         {"order_by", "-sessions,platform"},
                         {"limit", "5"},
                         {"offset", "10"}});
  BOOST_TEST((query.by_platform && query.by_page && !query.by_connection));
  BOOST_TEST((query.grain == time_grain::week));
  BOOST_TEST((query.platforms == std::vector<std::string>{"ChatGPT", "Claude", "Grok"}));
  BOOST_TEST((query.connections == std::vector<std::string>{first_id}));
  BOOST_TEST((query.order == std::vector<sort_order>{{sort_column::sessions, true},
                                                     {sort_column::platform, false}}));
  BOOST_TEST(query.limit == 5U);
  BOOST_TEST(query.offset == 10U);
}

BOOST_AUTO_TEST_CASE(weeks_start_on_monday_and_months_on_the_first) {
  auto start = [](std::string_view date, time_grain grain) {
    return to_date_string(group_start(*parse_date(date), grain));
  };
  BOOST_TEST(start("2026-05-18", time_grain::week) == "2026-05-18");
  BOOST_TEST(start("2026-05-24", time_grain::week) == "2026-05-18");
  BOOST_TEST(start("2026-05-25", time_grain::week) == "2026-05-25");
  BOOST_TEST(start("2027-01-01", time_grain::week) == "2026-12-28");
  BOOST_TEST(start("1969-12-31", time_grain::week) == "1969-12-29");
  BOOST_TEST(start("2024-02-29", time_grain::month) == "2024-02-01");
  BOOST_TEST(start("2026-12-31", time_grain::month) == "2026-12-01");
  BOOST_TEST(start("2026-12-31", time_grain::date) == "2026-12-31");
}

BOOST_AUTO_TEST_CASE(sums_are_exact_and_a_sum_over_nulls_is_null) {
  BOOST_TEST(json({{"group_by", "platform"}}) ==
             R"({"rows":[)"
             R"({"platform":"ChatGPT","pageviews":4,"sessions":2,"transactions":null,)"
             R"("purchase_revenue":0.1},)"
             R"({"platform":"Claude","pageviews":12,"sessions":1,"transactions":null,)"
             R"("purchase_revenue":0.200001}],)"
             R"("totals":{"pageviews":16,"sessions":3,"transactions":null,)"
             R"("purchase_revenue":0.300001},"total":2})");
}

BOOST_AUTO_TEST_CASE(every_group_column_is_shown) {
  BOOST_TEST(
      json({{"group_by", "month,connection,page"}, {"page_prefix", "/a/"}}) ==
      R"({"rows":[{"month":"2026-04-01","page":"/a/x","connection":")" + second_id +
          R"(","pageviews":7,"sessions":1,"transactions":null,"purchase_revenue":0.000001}],)"
          R"("totals":{"pageviews":7,"sessions":1,"transactions":null,)"
          R"("purchase_revenue":0.000001},"total":1})");
}

BOOST_AUTO_TEST_CASE(filters_leave_rows_out) {
  auto pageviews = [](const parameters& given) {
    auto sum = run(query_of(given)).totals.pageviews;
    return sum ? static_cast<int>(*sum) : -1;
  };
  BOOST_TEST(pageviews({}) == 16);
  BOOST_TEST(pageviews({{"platform", "ChatGPT"}}) == 4);
  BOOST_TEST(pageviews({{"platform", "ChatGPT,Claude"}}) == 16);
  BOOST_TEST(pageviews({{"connection", second_id}}) == 12);
  BOOST_TEST(pageviews({{"page_prefix", "/b"}}) == 3);
  BOOST_TEST(pageviews({{"start_date", "2026-04-01"}, {"end_date", "2026-04-01"}}) == 1000);
  BOOST_TEST(pageviews({{"platform", "Grok"}}) == -1);
}

BOOST_AUTO_TEST_CASE(totals_and_total_cover_all_groups_whatever_the_page) {
  auto result = run(query_of({{"order_by", "-pageviews"}, {"limit", "1"}, {"offset", "1"}}));
  BOOST_TEST(result.total == 3U);
  BOOST_TEST((result.totals.pageviews == revenue_sum{16}));
  BOOST_REQUIRE(result.rows.size() == 1U);
  BOOST_TEST(to_date_string(*result.rows[0].date) == "2026-04-30");
  BOOST_TEST(run(query_of({{"offset", "50"}})).rows.empty());
}

BOOST_AUTO_TEST_CASE(null_sorts_before_zero) {
  auto query = query_of({{"group_by", "page,platform"}, {"order_by", "sessions"}});
  auto result = run(query);
  BOOST_TEST(result.rows.at(0).page.value() == "/b");
  BOOST_TEST(!result.rows.at(0).sums.sessions.has_value());
}

BOOST_AUTO_TEST_CASE(sums_beyond_64_bits_are_shown_whole) {
  auto query = query_of({});
  rollup_store sums;
  for (int i = 0; i < 3; ++i)
    sums.add(row("2026-05-19", "X", "/",
                 {std::nullopt, std::nullopt, std::nullopt, revenue{revenue::max_millionths}}),
             first_id);
  auto text = to_json(sums.run(query), query).value();
  BOOST_TEST(text.find("\"purchase_revenue\":27000000000000}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pages_take_the_memory_of_a_shard_and_of_those_that_are_shown) {
  rollup_store sums;
  std::vector<std::string> pages;
  for (int number = 0; number < 3000; ++number)
    pages.push_back("/page/" + std::to_string(number % 2 == 0 ? number : 9'000 - number));
  for (const auto& page : pages) // most of them tie, and only their names say which come first
    sums.add(row("2026-05-19", "X", page, {page.size() % 2, 1, std::nullopt, std::nullopt}),
             first_id);
  constexpr std::size_t little = 96 * 1024; // all groups would take four times as much
  for (const auto* order : {"pageviews", "-pageviews", "page", "-page"}) {
    const auto first =
        query_of({{"group_by", "page"}, {"order_by", order}, {"limit", "10"}, {"offset", "5"}});
    const auto shown = sums.run_within(first, little);
    BOOST_REQUIRE(shown.has_value());
    BOOST_TEST(to_json(*shown, first).value() == to_json(sums.run(first), first).value(), order);
    BOOST_TEST(shown->total == 3000U);
    auto sorted = pages;
    std::ranges::sort(sorted, [&](const auto& a, const auto& b) {
      const auto key = [](const auto& page) { return page.size() % 2; };
      const bool descends = order[0] == '-';
      if (std::string_view{order}.ends_with("page"))
        return descends ? a > b : a < b;
      if (key(a) != key(b))
        return descends ? key(a) > key(b) : key(a) < key(b);
      return a < b;
    });
    for (std::size_t at = 0; at < 10; ++at)
      BOOST_TEST(shown->rows.at(at).page.value() == sorted.at(at + 5), order << ' ' << at);
  }
  const auto all = query_of({{"group_by", "page"}, {"limit", "10000"}});
  const auto refused = sums.run_within(all, little);
  BOOST_TEST((refused.has_error() && refused.error().code == errc::validation_error));
  BOOST_TEST(sums.run(all).rows.size() == 3000U);
}

BOOST_AUTO_TEST_CASE(an_answer_of_too_many_bytes_asks_for_fewer_rows) {
  const auto query = query_of({{"group_by", "page"}});
  report huge;
  huge.rows.resize(2'000);
  for (auto& row : huge.rows)
    row.page = std::string(8'000, 'x');
  for (const auto& refused : {to_json(huge, query), to_csv(huge, query)}) {
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST(
        (refused.error().faults.at(0).at == location{std::string{"query"}, std::string{"limit"}}));
  }
}

BOOST_AUTO_TEST_CASE(csv_is_rfc_4180) {
  auto query = query_of({{"group_by", "date,page"}});
  rollup_store sums;
  sums.add(row("2026-05-19", "X", "/a,\"b\"\r\n", {1, std::nullopt, 0, revenue{1'500'000}}),
           first_id);
  sums.add(row("2026-05-20", "X", "plain", {}), first_id);
  BOOST_TEST(to_csv(sums.run(query), query).value() ==
             "date,page,pageviews,sessions,transactions,purchase_revenue\r\n"
             "2026-05-19,\"/a,\"\"b\"\"\r\n\",1,,0,1.5\r\n"
             "2026-05-20,plain,,,,\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
