// Planned writes are read as if they had been made, beside the rows that are there.

#include "store/tables/planned_tables.hpp"
#include "store/tables/usage.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::store {
namespace {

using found_rows = std::vector<std::pair<std::string, std::string>>;

/// At most so many rows of a scan.
found_rows rows_of(const table_reader& tables, table where, std::string_view prefix,
                   std::string_view from = {}, std::size_t most = SIZE_MAX) {
  found_rows out;
  BOOST_REQUIRE(tables
                    .scan(where, prefix, from,
                          [&](std::string_view key, std::string_view value) {
                            out.emplace_back(key, value);
                            return out.size() < most;
                          })
                    .has_value());
  return out;
}

/// Writes through an event, as rows of a projection are.
void write(memory_log& log, std::vector<table_write> writes) {
  append_request request{"system", log.version("system").value(), {}};
  append_command command;
  command.events.push_back({"some_event", 1, seal({}, {}, "{}", {})});
  command.writes = std::move(writes);
  request.commands.push_back(std::move(command));
  BOOST_REQUIRE((log.append({&request, 1}, 1).front().status == append_status::appended));
}

} // namespace

BOOST_AUTO_TEST_SUITE(planned_tables_tests)

BOOST_AUTO_TEST_CASE(planned_rows_hide_stored_ones_until_they_are_dropped) {
  memory_log log;
  write(log, {{table::directory, "a", "1"}, {table::directory, "b", "2"}});
  planned_tables planned{log};
  const std::vector<table_write> writes{{table::directory, "a", std::nullopt},
                                        {table::directory, "b", "3"},
                                        {table::directory, "c", "4"}};
  BOOST_REQUIRE(planned.plan(writes).has_value());
  BOOST_TEST(!planned.get(table::directory, "a").value());
  BOOST_TEST(planned.get(table::directory, "b").value().value() == "3");
  BOOST_TEST(planned.get(table::directory, "c").value().value() == "4");
  BOOST_TEST(!planned.get(table::referrals, "c").value());
  BOOST_TEST(log.get(table::directory, "a").value().value() == "1");
  BOOST_TEST((rows_of(planned, table::directory, "") == found_rows{{"b", "3"}, {"c", "4"}}));
}

BOOST_AUTO_TEST_CASE(planned_usage_is_added_to_the_stored_one) {
  memory_log log;
  write(log, {{table::usage, "a", encode_usage({1, 10})}});
  planned_tables planned{log};
  const table_write more{table::usage, "a", encode_usage({2, 5})};
  BOOST_REQUIRE(planned.plan({&more, 1}).has_value());
  BOOST_REQUIRE(planned.plan({&more, 1}).has_value());
  BOOST_TEST(planned.get(table::usage, "a").value().value() == encode_usage({5, 20}));
}

BOOST_AUTO_TEST_CASE(what_is_read_is_what_would_be_read_after_the_writes) {
  const auto seed = attribution::test::setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed) {
    attribution::test::random_source random{seed};
    for (int history = 0; history < 200; ++history) {
      const auto some_key = [&] {
        std::string key;
        for (auto size = 1 + random.below(3); size > 0; --size)
          key.push_back("ab\xff"[random.below(3)]);
        return key;
      };
      const auto some_writes = [&] {
        std::vector<table_write> out;
        for (auto count = random.below(8); count > 0; --count)
          out.push_back({random.once_in(2) ? table::directory : table::referrals, some_key(),
                         random.once_in(3) ? std::nullopt : std::optional{some_key()}});
        return out;
      };
      memory_log before;
      memory_log after;
      const auto first = some_writes();
      write(before, first);
      write(after, first);
      planned_tables planned{before};
      for (auto rounds = random.below(3); rounds > 0; --rounds) {
        const auto next = some_writes();
        BOOST_REQUIRE(planned.plan(next).has_value());
        write(after, next);
      }
      for (const auto where : {table::directory, table::referrals})
        for (int scan = 0; scan < 10; ++scan) {
          const auto prefix = random.once_in(2) ? std::string{} : some_key();
          const auto from = random.once_in(2) ? std::string{} : some_key();
          const auto most = random.once_in(2) ? SIZE_MAX : 1 + random.below(3);
          BOOST_TEST((rows_of(planned, where, prefix, from, most) ==
                      rows_of(after, where, prefix, from, most)));
          const auto key = some_key();
          BOOST_TEST((planned.get(where, key).value() == after.get(where, key).value()));
        }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store
