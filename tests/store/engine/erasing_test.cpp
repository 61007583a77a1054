// Erasing parts, rows and the bytes they leave behind; over both engines, and on the disk.

#include "store/audit/erasures.hpp"
#include "store/audit/verify.hpp"
#include "store/log/records.hpp"
#include "tests/store/log_fixture.hpp"

#include <algorithm>
#include <numeric>
#include <thread>

namespace headwater::store::testing {
namespace {

const idempotency some_key{"a-clients-key", sha256({"request"})};

append_command keyed(std::string_view payload, const idempotency& key) {
  append_command command;
  command.events = {make_event(payload, "thing_happened", key),
                    make_event(payload, "thing_happened", key)};
  command.key = key;
  return command;
}

result<std::uint64_t> erase(erasable_log& log, const stream_name& stream,
                            std::vector<std::uint64_t> sequences) {
  return log.erase_parts(stream, sequences);
}

std::vector<digest> kept_chains(const provable_log& log) {
  return log.chains(1, 1'000).value();
}

std::vector<std::uint64_t> bare_events(const event_log& log, const stream_name& stream) {
  std::vector<std::uint64_t> out;
  BOOST_REQUIRE(log.read_stream(stream, 1, [&](const recorded_event& event) -> result<void> {
    if (!event.part)
      out.push_back(event.header.sequence);
    return {};
  }));
  return out;
}

using sequences = std::vector<std::uint64_t>;

std::vector<std::string> files_with(const fs::path& directory, std::string_view text) {
  std::vector<std::string> out;
  for (const auto& [name, bytes] : all_bytes(directory))
    if (bytes.find(text) != bytes.npos)
      out.push_back(name);
  return out;
}

/// Text that no compression shortens.
std::string secret(int number) {
  return to_hex(sha256({"secret", std::to_string(number)}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(erasing)

BOOST_AUTO_TEST_CASE_TEMPLATE(erased_parts_are_gone_and_chains_stay, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 3));
  must_append(log, request_of("account/b", 0, 2));
  const auto chains = kept_chains(log);
  BOOST_TEST(erase(log, "account/a", {1, 3}).value() == 2U);
  BOOST_TEST(bare_events(log, "account/a") == (sequences{1, 3}), boost::test_tools::per_element());
  BOOST_TEST(bare_events(log, "account/b").empty());
  BOOST_TEST((kept_chains(log) == chains));
  BOOST_TEST(erase(log, "account/a", {1, 2, 3}).value() == 1U); // again: what is left
  BOOST_TEST(all_of(log).size() == 5U);
  must_append(log, request_of("account/a", 3)); // the stream goes on from its head
  BOOST_TEST(log.version("account/a").value() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_event_that_is_not_there_cannot_be_erased, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0));
  const auto erased = erase(log, "account/a", {2});
  BOOST_REQUIRE(erased.has_error());
  BOOST_TEST((erased.error().code == errc::corrupt_log));
  BOOST_TEST(!log.stopped_reason());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_goes_with_the_events_of_its_command, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, {"account/a", 0, {keyed(R"({"n":1})", some_key)}});
  BOOST_REQUIRE(log.find_use("account/a", some_key.key)->has_value());
  BOOST_TEST(erase(log, "account/a", {1}).value() == 1U);
  BOOST_TEST(!log.find_use("account/a", some_key.key)->has_value());
  // The key is used anew before the second event goes: that use stays.
  must_append(log, {"account/a", 2, {keyed(R"({"n":2})", some_key)}});
  BOOST_TEST(erase(log, "account/a", {2}).value() == 1U);
  const auto use = log.find_use("account/a", some_key.key).value();
  BOOST_REQUIRE(use.has_value());
  BOOST_TEST(use->first_sequence == 3U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ranges_of_rows_go_and_their_neighbours_stay, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  auto request = request_of("account/a", 0);
  for (const auto* key : {"a", "b", "b1", "b2", "c"})
    request.commands[0].writes.push_back({table::directory, key, "x"});
  request.commands[0].writes.push_back({table::referrals, "b1", "x"});
  must_append(log, request);
  const std::vector ranges{rows_with(table::directory, "b"), row_at(table::referrals, "b")};
  BOOST_REQUIRE(log.erase_rows(ranges));
  BOOST_TEST((rows_of(log, table::directory) == row_list{{"a", "x"}, {"c", "x"}}));
  BOOST_TEST((rows_of(log, table::referrals) == row_list{{"b1", "x"}}));
  BOOST_REQUIRE(log.erase_rows(std::vector{row_at(table::directory, "a")}));
  BOOST_TEST((rows_of(log, table::directory) == row_list{{"c", "x"}}));
  BOOST_TEST((log.position(table::directory).value() == std::uint64_t{1}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(verification_takes_only_what_an_erasure_accounts_for, Engine,
                              engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("system", 0, 3));
  must_append(log, request_of("account/a", 0, 2));
  must_append(log, request_of("connection/C", 0, 1));
  must_append(log, request_of("account/b", 0, 1));
  append_erasure(log, {"a", {}, {"C"}, 1, {2}, {}});
  BOOST_TEST(verify_log(log, {}).value().to_erase == 4U);
  BOOST_TEST(erase(log, "account/a", {1, 2}).value() == 2U);
  BOOST_TEST(verify_log(log, {}).value().to_erase == 2U);
  BOOST_TEST(erase(log, "connection/C", {1}).value() == 1U);
  BOOST_TEST(erase(log, "system", {2}).value() == 1U);
  const auto verified = verify_log(log, {});
  BOOST_REQUIRE_MESSAGE(verified, verified.error().message);
  BOOST_TEST(verified->erased == 4U);
  BOOST_TEST(verified->to_erase == 0U);
  BOOST_TEST(verified->events == 8U);
  BOOST_TEST(erase(log, "account/b", {1}).value() == 1U);
  const auto violated = verify_log(log, {});
  BOOST_REQUIRE(violated.has_error());
  BOOST_TEST(violated.error().message ==
             "stream account/b, sequence 1: its payload part is gone, and no account_erased "
             "accounts for it");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_erasure_does_not_cover_what_comes_after_it, Engine, engines) {
  Engine engine;
  auto& log = engine.log();
  must_append(log, request_of("account/a", 0, 1));
  append_erasure(log, {"a", {}, {}, 1, {2}, {}});
  must_append(log, request_of("account/a", 1, 1));
  must_append(log, request_of("system", 1, 1));
  const auto all = read_erasures(log).value();
  event_header header{"account/a", 1, 1, "", 1, 0, {}};
  BOOST_TEST(all.covers(header));
  header.position = 3;
  BOOST_TEST(!all.covers(header));
  BOOST_TEST(!all.covers({"system", 2, 4, "", 1, 0, {}}));
  BOOST_TEST(read_erasure(log, 1).value().account_id == "a");
  BOOST_TEST(read_erasure(log, 2).has_error());
  BOOST_TEST(read_erasure(log, 9).has_error());
}

BOOST_AUTO_TEST_CASE(what_was_erased_leaves_no_byte) {
  scratch_directory directory;
  {
    auto log = open_or_fail(directory.data());
    for (int i = 0; i < 40; ++i) {
      auto request = request_of(i % 2 == 0 ? "account/a" : "account/b", std::uint64_t(i / 2), 0);
      append_command command;
      command.events = {make_event("{\"text\":\"" + secret(i) + "\"}")};
      for (const auto where : {table::directory, table::referrals})
        command.writes.push_back({where, "row" + std::to_string(i), secret(i)});
      request.commands = {command};
      must_append(*log, request);
      if (i == 20)
        log.reset(), log = open_or_fail(directory.data()); // some lie in tables
    }
    const auto chains = kept_chains(*log);
    sequences all(20);
    std::iota(all.begin(), all.end(), 1U);
    BOOST_TEST(log->erase_parts("account/a", all).value() == 20U);
    for (int i = 0; i < 40; i += 2)
      for (const auto where : {table::directory, table::referrals})
        BOOST_REQUIRE(log->erase_rows(std::vector{row_at(where, "row" + std::to_string(i))}));
    BOOST_TEST(!files_with(directory.data(), secret(0)).empty());
    BOOST_TEST(!files_with(directory.data(), secret(38)).empty());
    std::atomic<bool> stop = false;
    const auto scrubbed = log->scrub(stop);
    BOOST_REQUIRE_MESSAGE(scrubbed, scrubbed.error().message);
    for (int i = 0; i < 40; i += 2)
      BOOST_TEST(files_with(directory.data(), secret(i)).empty(), secret(i));
    for (int i = 1; i < 40; i += 2)
      BOOST_TEST(!files_with(directory.data(), secret(i)).empty(), secret(i));
    BOOST_TEST((kept_chains(*log) == chains));
    must_append(*log, request_of("account/b", 20));
  }
  auto log = open_or_fail(directory.data());
  BOOST_TEST(stream_of(*log, "account/b").size() == 21U);
  BOOST_TEST(bare_events(*log, "account/a").size() == 20U);
  BOOST_TEST(files_with(directory.data(), secret(0)).empty());
}

BOOST_AUTO_TEST_CASE(scrubbing_waits_for_readers_of_the_old_state_and_lets_writers_go_on) {
  scratch_directory directory;
  auto log = open_or_fail(directory.data());
  auto request = request_of("account/a", 0, 0);
  append_command command;
  command.events = {make_event("{\"text\":\"" + secret(0) + "\"}")};
  request.commands = {command};
  must_append(*log, request);
  auto old_state = log->view();
  BOOST_REQUIRE(log->erase_parts("account/a", sequences{1}));
  std::atomic<bool> done = false;
  std::atomic<bool> stop = false;
  std::thread scrubber{[&] {
    const auto scrubbed = log->scrub(stop);
    done = scrubbed.has_value();
  }};
  for (std::uint64_t i = 0; i < 50; ++i)
    must_append(*log, request_of("account/b", i));
  BOOST_TEST(!done);
  old_state.reset();
  scrubber.join();
  BOOST_TEST(done);
  BOOST_TEST(files_with(directory.data(), secret(0)).empty());
  BOOST_TEST(stream_of(*log, "account/b").size() == 50U);
}

BOOST_AUTO_TEST_CASE(scrubbing_ends_when_it_is_told_to) {
  scratch_directory directory;
  auto log = open_or_fail(directory.data());
  must_append(*log, request_of("account/a", 0));
  std::atomic<bool> stop = true;
  const auto old_state = log->view();
  must_append(*log, request_of("account/a", 1));
  const auto ended = log->scrub(stop);
  BOOST_REQUIRE(ended.has_error());
  BOOST_TEST((ended.error().code == errc::service_unavailable));
  BOOST_TEST(!log->stopped_reason());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
