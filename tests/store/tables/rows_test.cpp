// The contract of the tables, over every engine.

#include "domain/referrals/rollup.hpp"
#include "store/log/rebuild_projection.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {
namespace {

append_request writing(stream_name stream, std::uint64_t expected,
                       std::vector<table_write> writes) {
  auto request = request_of(std::move(stream), expected);
  request.commands[0].writes = std::move(writes);
  return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(table_rows)

BOOST_AUTO_TEST_CASE_TEMPLATE(table_writes_come_with_their_event, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, writing("account/a", 0,
                           {{table::directory, "k", "1"},
                            {table::referrals, "k", "2"},
                            {table::directory, "k", "3"},
                            {table::directory, "gone", "4"},
                            {table::directory, "gone", std::nullopt},
                            {table::directory, "e", ""}}));
  BOOST_TEST((*log.get(table::directory, "k") == "3"));
  BOOST_TEST((*log.get(table::referrals, "k") == "2"));
  BOOST_TEST((*log.get(table::directory, "e") == ""));
  BOOST_TEST(!*log.get(table::directory, "gone"));
  BOOST_TEST(!*log.get(table::side_facts, "k"));
  auto refused = append_one(log, writing("account/a", 0, {{table::directory, "k", "9"}}));
  BOOST_TEST((refused.status == append_status::conflict));
  BOOST_TEST((*log.get(table::directory, "k") == "3"));
  must_append(log, writing("account/a", 1, {{table::directory, "k", std::nullopt}}));
  BOOST_TEST(!*log.get(table::directory, "k"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(late_writes_know_their_events_and_come_last, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/z", 0, 4));
  append_request request{"account/a", 0, {command_of(1), command_of(2)}};
  for (auto& command : request.commands) {
    command.writes = {{table::directory, "last", "early"}};
    command.late_writes = [](std::span<const event_header> events) {
      auto position = std::to_string(events.back().position);
      return std::vector<table_write>{
          {table::directory, "last", position},
          {table::directory, "at/" + position, std::to_string(events.size())}};
    };
  }
  must_append(log, request);
  BOOST_TEST(
      (rows_of(log, table::directory) == row_list{{"at/5", "1"}, {"at/7", "2"}, {"last", "7"}}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(get_many_answers_in_the_order_asked, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(
      log, writing("account/a", 0, {{table::referrals, "b", "2"}, {table::referrals, "a", "1"}}));
  const std::vector<std::string> keys{"b", "x", "a", "b", ""};
  auto got = *log.get_many(table::referrals, keys);
  BOOST_REQUIRE(got.size() == 5);
  BOOST_TEST((got[0] == "2" && !got[1] && got[2] == "1" && got[3] == "2" && !got[4]));
  BOOST_TEST(log.get_many(table::referrals, {})->empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_scan_sees_the_prefix_and_nothing_else, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const std::string high("\xff\xff", 2);
  must_append(log, writing("account/a", 0,
                           {{table::directory, "a", "1"},
                            {table::directory, "b", "2"},
                            {table::directory, "b/1", "3"},
                            {table::directory, "b/2", "4"},
                            {table::directory, std::string("b/\0", 3), "5"},
                            {table::directory, "b0", "6"},
                            {table::directory, high, "7"},
                            {table::directory, high + "x", "8"},
                            {table::referrals, "b/9", "9"}}));
  BOOST_TEST((rows_of(log, table::directory, "b/") ==
              row_list{{std::string("b/\0", 3), "5"}, {"b/1", "3"}, {"b/2", "4"}}));
  BOOST_TEST((rows_of(log, table::directory, "b/", "1") == row_list{{"b/1", "3"}, {"b/2", "4"}}));
  BOOST_TEST((rows_of(log, table::directory, high) == row_list{{high, "7"}, {high + "x", "8"}}));
  BOOST_TEST(rows_of(log, table::directory).size() == 8);
  BOOST_TEST(rows_of(log, table::directory, "zz").empty());
  BOOST_TEST(rows_of(log, table::side_facts).empty());
  int seen = 0;
  BOOST_REQUIRE(log.scan(table::directory, "", "", [&](auto, auto) { return ++seen < 2; }));
  BOOST_TEST(seen == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_row_has_the_empty_key, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, writing("account/a", 0,
                           {{table::directory, "", "x"}, {table::directory, "", std::nullopt}}));
  BOOST_REQUIRE(put_row(log, table::side_facts, "", "x"));
  for (auto where : {table::directory, table::side_facts}) {
    BOOST_TEST(!*log.get(where, ""));
    BOOST_TEST(!log.get_many(where, std::vector<std::string>{""})->at(0));
    BOOST_TEST(rows_of(log, where).empty());
  }
  BOOST_TEST((*log.position(table::directory) == 1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(operational_rows_need_no_event, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  BOOST_REQUIRE(put_row(log, table::side_facts, "token/1", "42"));
  BOOST_REQUIRE(put_row(log, table::side_facts, "token/1", "43"));
  BOOST_TEST((*log.get(table::side_facts, "token/1") == "43"));
  BOOST_TEST(log.end().position == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_of_a_projection_are_not_put_without_their_events, Engine,
                              engines) {
  Engine engine;
  auto& log = engine.log();
  for (auto where : {table::directory, table::referrals, table::rollups, table::rows}) {
    const table_write rows[] = {{table::side_facts, "o", "1"}, {where, "k", "v"}};
    BOOST_TEST((log.put(rows).error().code == errc::internal_error));
    BOOST_TEST(!*log.get(where, "k"));
    BOOST_TEST(!*log.get(table::side_facts, "o"));
  }
  const table_write rows[] = {{table::side_facts, "o", "1"}, {table::states, "s", "2"}};
  BOOST_REQUIRE(log.put(rows).has_value());
  BOOST_TEST((*log.get(table::side_facts, "o") == "1"));
  BOOST_TEST((*log.get(table::states, "s") == "2"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_projection_is_rebuilt_from_the_log, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  for (std::uint64_t i = 0; i < 5; ++i)
    must_append(log, writing("account/a", i,
                             {{table::directory, "stale", "x"}, {table::referrals, "kept", "y"}}));
  BOOST_TEST((*log.position(table::directory) == 5));
  BOOST_TEST((*log.position(table::referrals) == 5));
  BOOST_TEST(!*log.position(table::side_facts));
  BOOST_REQUIRE(put_row(log, table::side_facts, "o", "1"));
  auto counted = rebuild_projection(
      log.events(), log.tables(), table::directory,
      [&](const recorded_event& event) -> result<std::vector<table_write>> {
        auto before = *log.get(table::directory, "count");
        auto count = (before ? std::stoi(*before) : 0) + 1;
        return std::vector<table_write>{
            {table::directory, "count", std::to_string(count)},
            {table::directory, "seq/" + std::to_string(event.header.sequence), "1"},
            {table::referrals, "not this table", "1"}};
      });
  BOOST_REQUIRE_MESSAGE(counted, counted.error().message);
  BOOST_TEST((*log.get(table::directory, "count") == "5"));
  BOOST_TEST(!*log.get(table::directory, "stale"));
  BOOST_TEST(rows_of(log, table::directory).size() == 6);
  BOOST_TEST((rows_of(log, table::referrals) == row_list{{"kept", "y"}}));
  BOOST_TEST((*log.get(table::side_facts, "o") == "1"));
  BOOST_TEST((*log.position(table::directory) == 5));
  auto refused =
      rebuild_projection(log.events(), log.tables(), table::side_facts,
                         [](const recorded_event&) { return std::vector<table_write>{}; });
  BOOST_TEST(refused.has_error());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(values_of_rollups_are_added_up, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const auto block = [](std::int64_t pageviews) {
    referrals::rollup_cell cell;
    cell.add({pageviews, std::nullopt, std::nullopt, std::nullopt}, pageviews < 0 ? -1 : 1);
    referrals::rollup_writer out;
    out.add("ChatGPT", 1, cell);
    return std::move(out).finish();
  };
  const auto sum = [&](std::string_view key) {
    const auto there = log.get(table::rollups, key).value().value();
    referrals::rollup_reader from{there};
    BOOST_REQUIRE(from.next_platform());
    return static_cast<std::int64_t>(from.cell().metrics[0].sum);
  };
  must_append(log, writing("connection/a", 0, {{table::rollups, "d/1", block(3)}}));
  must_append(log, writing("connection/a", 1,
                           {{table::rollups, "d/1", block(4)}, {table::rollups, "d/2", block(9)}}));
  BOOST_TEST(sum("d/1") == 7);
  BOOST_TEST(sum("d/2") == 9);
  BOOST_TEST(rows_of(log, table::rollups).size() == 2);
  BOOST_TEST((*log.position(table::rollups) == 2));
  BOOST_REQUIRE(log.rebuild(table::rollups, [&](const row_sink& put) -> result<void> {
    const table_write writes[] = {{table::rollups, "d/1", block(5)},
                                  {table::rollups, "d/1", block(6)},
                                  {table::referrals, "not this table", "1"}};
    return put(writes);
  }));
  BOOST_TEST(sum("d/1") == 11);
  BOOST_TEST(rows_of(log, table::rollups).size() == 1);
  BOOST_TEST(rows_of(log, table::referrals).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
