// The RocksDB engine after its process ended, well or badly.

#include "tests/store/child_process.hpp"
#include "tests/store/log_fixture.hpp"

#include <sys/resource.h>

namespace headwater::store::testing {
namespace {

append_request row_request(std::uint64_t stream, std::uint64_t expected) {
  auto request = request_of("account/" + std::to_string(stream), expected, 2);
  request.commands[0].key = idempotency{"key " + std::to_string(expected), sha256({"f"})};
  request.commands[0].writes.push_back(
      {table::directory, "row/" + std::to_string(stream), std::to_string(expected + 2)});
  return request;
}

/// That whole commands are there, each with its row and its key, and nothing else.
void check_whole_commands(const rocksdb_log& log) {
  for (std::uint64_t stream = 0; stream < 5; ++stream) {
    auto name = "account/" + std::to_string(stream);
    auto version = *log.version(name);
    BOOST_TEST(version % 2 == 0);
    BOOST_TEST(stream_of(log, name).size() == version);
    auto row = *log.get(table::directory, "row/" + std::to_string(stream));
    BOOST_TEST((row ? *row : "0") == std::to_string(version));
    for (std::uint64_t at = 0; at < version; at += 2)
      BOOST_TEST((*log.find_use(name, "key " + std::to_string(at))).has_value());
    BOOST_TEST(!(*log.find_use(name, "key " + std::to_string(version))).has_value());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(children, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(appends_until_killed) {
  auto directory = child_directory();
  BOOST_REQUIRE(directory);
  auto log = open_or_fail(*directory);
  for (;;) {
    std::vector<append_request> group;
    for (std::uint64_t stream = 0; stream < 5; ++stream)
      group.push_back(row_request(stream, *log->version("account/" + std::to_string(stream))));
    for (const auto& outcome : log->append(group, 1))
      BOOST_REQUIRE((outcome.status == append_status::appended));
    tell_parent(log->end().position);
  }
}

BOOST_AUTO_TEST_CASE(appends_until_files_may_not_grow) {
  auto directory = child_directory();
  BOOST_REQUIRE(directory);
  auto log = open_or_fail(*directory);
  must_append(*log, row_request(0, 0));
  BOOST_REQUIRE(std::signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
  rlimit limit{64 << 10, 64 << 10};
  BOOST_REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  append_outcome outcome;
  outcome.status = append_status::appended;
  std::uint64_t version = 0;
  while (outcome.status == append_status::appended) {
    BOOST_REQUIRE(version < 100'000);
    version = *log->version("account/0");
    outcome = append_one(*log, row_request(0, version));
  }
  BOOST_TEST((outcome.status == append_status::failed));
  BOOST_TEST(!outcome.reason.empty());
  BOOST_TEST(outcome.events.empty());
  BOOST_REQUIRE(log->stopped_reason());
  for (int again = 0; again < 3; ++again)
    BOOST_TEST((append_one(*log, row_request(1, 0)).status == append_status::stopped));
  BOOST_TEST(put_row(*log, table::side_facts, "k", "v").has_error());
  BOOST_TEST(*log->version("account/0") == version);
  BOOST_TEST(log->end().position == version);
  check_whole_commands(*log);
  tell_parent(version);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ending_and_reopening)

BOOST_AUTO_TEST_CASE(a_reopened_log_is_the_log_that_was_closed) {
  rocksdb_engine engine;
  for (std::uint64_t i = 0; i < 40; i += 2)
    must_append(engine.log(),
                row_request(i % 5, *engine.log().version("account/" + std::to_string(i % 5))));
  BOOST_REQUIRE(put_row(engine.log(), table::side_facts, "o", "1"));
  auto events = all_of(engine.log());
  auto rows = rows_of(engine.log(), table::directory);
  auto end = engine.log().end();
  for (int again = 0; again < 3; ++again) {
    engine.log_.reset();
    engine.log_ = open_or_fail(engine.directory.data());
    BOOST_TEST(all_of(engine.log()) == events, boost::test_tools::per_element());
    BOOST_TEST((rows_of(engine.log(), table::directory) == rows));
    BOOST_TEST((*engine.log().get(table::side_facts, "o") == "1"));
    BOOST_TEST(engine.log().end().position == end.position);
    BOOST_TEST(engine.log().end().time == end.time);
    BOOST_TEST((engine.log().end().chain == end.chain));
    BOOST_TEST((*engine.log().position(table::directory) == end.position));
    check_whole_commands(engine.log());
  }
  must_append(engine.log(), row_request(0, *engine.log().version("account/0")), 1);
  check_whole_commands(engine.log());
}

BOOST_AUTO_TEST_CASE(a_killed_process_loses_nothing_that_it_acknowledged) {
  scratch_directory directory;
  std::uint64_t acknowledged = 0;
  for (std::uint64_t round = 1; round <= 6; ++round) {
    child_process child{"children/appends_until_killed", directory.data().string()};
    for (std::uint64_t told = 0; told < round * 17; ++told) {
      auto position = child.next();
      BOOST_REQUIRE(position);
      acknowledged = *position;
    }
    child.kill();
    while (auto position = child.next())
      acknowledged = *position;
    BOOST_TEST(!child.wait());
    auto log = open_or_fail(directory.data());
    BOOST_TEST(log->end().position >= acknowledged);
    BOOST_TEST(all_of(*log).size() == log->end().position);
    check_whole_commands(*log);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_write_stops_the_log_until_it_is_reopened) {
  scratch_directory directory;
  child_process child{"children/appends_until_files_may_not_grow", directory.data().string()};
  auto acknowledged = child.next();
  BOOST_REQUIRE(acknowledged);
  BOOST_TEST((child.wait() == 0));
  auto log = open_or_fail(directory.data());
  BOOST_TEST(!log->stopped_reason());
  BOOST_TEST(*log->version("account/0") >= *acknowledged);
  check_whole_commands(*log);
  must_append(*log, row_request(0, *log->version("account/0")));
  check_whole_commands(*log);
}

BOOST_AUTO_TEST_CASE(requests_of_a_failed_commit_fail_and_later_ones_are_refused) {
  memory_log log;
  must_append(log, request_of("account/a", 0));
  log.fail_next_commit("disk full");
  const auto payload = '"' + std::string(1'500'000, 'x') + '"';
  append_request big{"account/b", 0, {}};
  for (int i = 0; i < 3; ++i)
    big.commands.push_back(command_of(1, payload));
  std::vector<append_request> group{request_of("account/a", 1), request_of("account/a", 0), big,
                                    request_of("account/c", 0)};
  auto outcomes = log.append(group, 1);
  BOOST_TEST((outcomes[0].status == append_status::failed));
  BOOST_TEST(outcomes[0].reason == "disk full");
  BOOST_TEST((outcomes[1].status == append_status::conflict));
  BOOST_TEST((outcomes[2].status == append_status::failed));
  BOOST_TEST((outcomes[3].status == append_status::stopped));
  BOOST_TEST(outcomes[0].events.empty());
  BOOST_TEST((log.stopped_reason() == "disk full"));
  BOOST_TEST((append_one(log, request_of("account/d", 0)).status == append_status::stopped));
  BOOST_TEST(all_of(log).size() == 1);
  BOOST_TEST(*log.version("account/a") == 1);
  BOOST_TEST(put_row(log, table::side_facts, "k", "v").has_error());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
