// The contract of append(), over every engine.

#include "store/log/appender.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {

namespace {

/// An engine whose heads cannot be read.
struct unreadable_heads final : commit_engine {
  result<stream_head> load_head(const stream_name& stream) override {
    return error{errc::corrupt_log, "stream " + stream + ": Corruption: in 000012.sst"};
  }
  result<void> commit(const commit_batch&) override {
    ++commits;
    return {};
  }
  int commits = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(appending)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_log_is_empty, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  BOOST_TEST(log.end().position == 0);
  BOOST_TEST(*log.version("account/a") == 0);
  BOOST_TEST(stream_of(log, "account/a").empty());
  BOOST_TEST(all_of(log).empty());
  BOOST_TEST(log.append({}, 5).empty());
  BOOST_TEST(log.commits() == 0);
  BOOST_TEST(!log.stopped_reason());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sequences_and_positions_have_no_gaps, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  std::vector<append_request> group{request_of("account/a", 0, 2), request_of("account/b", 0, 3),
                                    request_of("account/a", 2, 1)};
  auto outcomes = log.append(group, 77);
  std::vector<std::uint64_t> positions;
  std::vector<std::uint64_t> sequences;
  for (const auto& outcome : outcomes) {
    BOOST_TEST_REQUIRE((outcome.status == append_status::appended));
    for (const auto& header : outcome.events) {
      positions.push_back(header.position);
      sequences.push_back(header.sequence);
      BOOST_TEST(header.time == 77);
    }
  }
  BOOST_TEST(positions == (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6}),
             boost::test_tools::per_element());
  BOOST_TEST(sequences == (std::vector<std::uint64_t>{1, 2, 1, 2, 3, 3}),
             boost::test_tools::per_element());
  BOOST_TEST(outcomes[0].stream_version == 2);
  BOOST_TEST(outcomes[2].stream_version == 3);
  BOOST_TEST(log.end().position == 6);
  BOOST_TEST(log.end().time == 77);
  BOOST_TEST(log.commits() == 1);
  BOOST_TEST(log.statistics().commands == 3);
  BOOST_TEST(log.statistics().events == 6);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(time_never_runs_back, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  for (micros now : {100, 90, 100, 101, -5}) {
    auto stream = "account/" + std::to_string(log.end().position);
    must_append(log, request_of(stream, 0), now);
  }
  std::vector<micros> times;
  BOOST_REQUIRE(log.read_all(1, [&](const recorded_event& event) -> result<void> {
    times.push_back(event.header.time);
    return {};
  }));
  BOOST_TEST(times == (std::vector<micros>{100, 100, 100, 101, 101}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stale_version_is_a_conflict_and_hinders_nobody, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 2));
  std::vector<append_request> group{request_of("account/a", 1), request_of("account/b", 0),
                                    request_of("account/b", 0), request_of("account/c", 4)};
  auto outcomes = log.append(group, 2000);
  BOOST_TEST((outcomes[0].status == append_status::conflict));
  BOOST_TEST(outcomes[0].stream_version == 2);
  BOOST_TEST(outcomes[0].events.empty());
  BOOST_TEST((outcomes[1].status == append_status::appended));
  BOOST_TEST((outcomes[2].status == append_status::conflict));
  BOOST_TEST(outcomes[2].stream_version == 1);
  BOOST_TEST((outcomes[3].status == append_status::conflict));
  BOOST_TEST(log.end().position == 3);
  BOOST_TEST(*log.version("account/c") == 0);
  BOOST_TEST(all_of(log).size() == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_of_conflicts_writes_nothing, Engine, engines) {
  Engine engine;
  auto outcome = append_one(engine.log(), request_of("account/a", 1));
  BOOST_TEST((outcome.status == append_status::conflict));
  BOOST_TEST(engine.log().commits() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(commands_of_a_request_keep_their_own_keys, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  append_request request{"account/a", 0, {command_of(1), command_of(3), command_of(2)}};
  auto fingerprint = sha256({"POST"});
  const std::string odd_key("\0\xff \"\\\n", 6);
  request.commands[1].key = idempotency{"key", fingerprint};
  request.commands[2].key = idempotency{odd_key, sha256({"other"})};
  must_append(log, request);
  auto use = *log.find_use("account/a", "key");
  BOOST_REQUIRE(use);
  BOOST_TEST(use->first_sequence == 2);
  BOOST_TEST(use->events == 3);
  BOOST_TEST((use->fingerprint == fingerprint));
  BOOST_REQUIRE(*log.find_use("account/a", odd_key));
  BOOST_TEST((*log.find_use("account/a", odd_key))->first_sequence == 5);
  BOOST_TEST(!*log.find_use("account/b", "key"));
  BOOST_TEST(!*log.find_use("account/a", "ke"));
  BOOST_TEST(!*log.find_use("account/a", ""));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(uses_of_many_keys_are_found_in_the_order_asked, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  append_request request{"account/a", 0, {command_of(1), command_of(2), command_of(1)}};
  for (std::size_t i = 0; i < 3; ++i)
    request.commands[i].key = idempotency{"key " + std::to_string(i), sha256({"POST"})};
  must_append(log, request);
  const std::vector<std::string> keys{"key 2", "none", "key 0", "key 1", "key 0"};
  const auto uses = log.find_uses("account/a", keys).value();
  BOOST_REQUIRE(uses.size() == keys.size());
  BOOST_TEST(uses[0].value().first_sequence == 4);
  BOOST_TEST(!uses[1]);
  BOOST_TEST(uses[2].value().first_sequence == 1);
  BOOST_TEST(uses[3].value().first_sequence == 2);
  BOOST_TEST(uses[4].value().first_sequence == 1);
  BOOST_TEST(log.find_uses("account/b", keys).value().size() == keys.size());
  BOOST_TEST(log.find_uses("account/a", {}).value().empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_command_without_events_stores_nothing, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  append_request request{"account/a", 0, {{}, command_of(1), {}}};
  request.commands[0].key = idempotency{"key", {}};
  request.commands[2].writes.push_back({table::directory, "row", "value"});
  auto outcome = append_one(log, request);
  BOOST_TEST((outcome.status == append_status::appended));
  BOOST_TEST(outcome.events.size() == 1);
  BOOST_TEST(!*log.find_use("account/a", "key"));
  BOOST_TEST(!*log.get(table::directory, "row"));
  auto nothing = append_one(log, {"account/a", 1, {}});
  BOOST_TEST((nothing.status == append_status::appended));
  BOOST_TEST(nothing.stream_version == 1);
  BOOST_TEST(log.commits() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_above_the_limit_is_cut_between_commands, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const auto payload = '"' + std::string(1'500'000, 'x') + '"';
  append_request hot{"account/a", 0, {}};
  for (int i = 0; i < 3; ++i)
    hot.commands.push_back(command_of(1, payload));
  std::vector<append_request> group{hot, request_of("account/b", 0), request_of("account/a", 3)};
  auto outcomes = log.append(group, 1);
  for (const auto& outcome : outcomes)
    BOOST_TEST((outcome.status == append_status::appended));
  BOOST_TEST(outcomes[0].events.size() == 3);
  BOOST_TEST(log.commits() == 2);
  BOOST_TEST(stream_of(log, "account/a").size() == 4);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_command_above_the_limit_is_one_commit, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const auto payload = '"' + std::string(3'000'000, 'x') + '"';
  append_request big{"account/a", 0, {command_of(2, payload)}};
  big.commands[0].writes.push_back({table::referrals, "big", std::string(2'000'000, 'v')});
  std::vector<append_request> group{request_of("account/b", 0), big, request_of("account/c", 0)};
  for (const auto& outcome : log.append(group, 1))
    BOOST_TEST((outcome.status == append_status::appended));
  BOOST_TEST(log.commits() == 3);
  BOOST_TEST(stream_of(log, "account/a").size() == 2);
  BOOST_TEST((*log.get(table::referrals, "big"))->size() == 2'000'000);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(streams_of_any_name_stay_apart, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  const std::vector<std::string> names{"",
                                       "a",
                                       "aa",
                                       "account/a",
                                       "account/A",
                                       std::string("a\0", 2),
                                       std::string("a\0\1", 3),
                                       std::string("a\0\xff", 3),
                                       std::string("a\0\1\0\0\0\0\0\0\0\1", 11)};
  std::vector<append_request> group;
  for (const auto& name : names)
    group.push_back(request_of(name, 0, 2));
  for (const auto& outcome : log.append(group, 1))
    BOOST_TEST((outcome.status == append_status::appended));
  for (const auto& name : names) {
    BOOST_TEST(*log.version(name) == 2);
    BOOST_TEST(stream_of(log, name).size() == 2);
  }
  BOOST_TEST(all_of(log).size() == 2 * names.size());
}

BOOST_AUTO_TEST_CASE(requests_of_a_group_see_each_other_though_the_cache_has_dropped_their_heads) {
  scratch_directory directory;
  rocksdb_options options;
  options.directory = directory.data();
  options.cached_stream_heads = 1;
  auto opened = open_rocksdb_log(options);
  BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
  auto& log = **opened;
  const std::vector<append_request> group{request_of("account/a", 0), request_of("account/b", 0, 2),
                                          request_of("account/c", 7), request_of("account/a", 1),
                                          request_of("account/a", 0)};
  const auto outcomes = log.append(group, 1);
  BOOST_TEST((outcomes[0].status == append_status::appended));
  BOOST_TEST((outcomes[1].status == append_status::appended));
  BOOST_TEST((outcomes[2].status == append_status::conflict));
  BOOST_TEST((outcomes[3].status == append_status::appended));
  BOOST_TEST((outcomes[4].status == append_status::conflict));
  BOOST_TEST(outcomes[4].stream_version == 2);
  BOOST_TEST(*log.version("account/a") == 2);
  BOOST_TEST(stream_of(log, "account/a").size() == 2);
}

BOOST_AUTO_TEST_CASE(a_stream_that_cannot_be_read_says_so) {
  appender one{log_end{}, 10};
  unreadable_heads engine;
  const auto outcomes = one.append(std::vector{request_of("account/a", 0)}, 5, engine);
  BOOST_REQUIRE(outcomes.size() == 1U);
  BOOST_TEST((outcomes[0].status == append_status::conflict));
  BOOST_REQUIRE(outcomes[0].unreadable);
  BOOST_TEST((outcomes[0].unreadable->code == errc::corrupt_log));
  BOOST_TEST(outcomes[0].unreadable->message == "stream account/a: Corruption: in 000012.sst");
  BOOST_TEST(engine.commits == 0);
  BOOST_TEST(!one.stopped_reason()); // nothing was written
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
