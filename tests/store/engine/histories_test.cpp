// Random histories on both engines give the same log. HEADWATER_HISTORIES says how many,
// HEADWATER_SEED which; both are printed.

#include "tests/store/log_fixture.hpp"

#include <random>

namespace headwater::store::testing {
namespace {

using random_engine = std::mt19937_64;

std::uint64_t below(random_engine& random, std::uint64_t limit) {
  return std::uniform_int_distribution<std::uint64_t>{0, limit - 1}(random);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string random_stream(random_engine& random) {
  return "account/" + std::to_string(below(random, 4));
}

std::string random_key(random_engine& random) {
  std::string key;
  for (auto n = below(random, 3) + 1; n > 0; --n)
    key.push_back("\0\1ab\xff"[below(random, 5)]);
  return key;
}

table_write random_write(random_engine& random) {
  auto where = static_cast<table>(1 + below(random, 3));
  if (below(random, 4) == 0)
    return {where, random_key(random), std::nullopt};
  return {where, random_key(random), std::to_string(below(random, 1000))};
}

append_command random_command(random_engine& random) {
  append_command command;
  if (below(random, 3) == 0)
    command.key = idempotency{random_key(random), sha256({random_key(random)})};
  for (auto n = below(random, 4); n > 0; --n)
    command.events.push_back(make_event("{\"n\":" + std::to_string(below(random, 1 << 20)) + "}",
                                        "type_" + std::to_string(below(random, 3)), command.key));
  for (auto n = below(random, 4); n > 0; --n)
    command.writes.push_back(random_write(random));
  return command;
}

append_request random_request(random_engine& random, const event_log& log) {
  append_request request{random_stream(random), 0, {}};
  request.expected_version = *log.version(request.stream) + (below(random, 5) == 0 ? 1 : 0);
  for (auto n = below(random, 4); n > 0; --n)
    request.commands.push_back(random_command(random));
  return request;
}

std::string show(const append_outcome& outcome) {
  auto out = std::to_string(static_cast<int>(outcome.status)) + " " +
             std::to_string(outcome.stream_version) + " " + outcome.reason;
  for (const auto& header : outcome.events)
    out += " " + std::to_string(header.position);
  return out;
}

void compare(const memory_log& left, const rocksdb_log& right) {
  auto end = left.end();
  BOOST_TEST_REQUIRE(end.position == right.end().position);
  BOOST_TEST_REQUIRE((end.chain == right.end().chain && end.time == right.end().time));
  BOOST_TEST_REQUIRE((all_of(left) == all_of(right)));
  for (int i = 0; i < 4; ++i) {
    auto stream = "account/" + std::to_string(i);
    BOOST_TEST_REQUIRE(*left.version(stream) == *right.version(stream));
    BOOST_TEST_REQUIRE((stream_of(left, stream) == stream_of(right, stream)));
    for (std::string key : {"a", "b", "\xff", "ab", "\1"}) {
      auto one = *left.find_use(stream, key);
      auto two = *right.find_use(stream, key);
      BOOST_TEST_REQUIRE(one.has_value() == two.has_value());
      if (one)
        BOOST_TEST_REQUIRE((one->first_sequence == two->first_sequence &&
                            one->events == two->events && one->fingerprint == two->fingerprint));
    }
  }
  for (auto where : {table::directory, table::referrals, table::side_facts})
    BOOST_TEST_REQUIRE((rows_of(left, where) == rows_of(right, where)));
}

void run_history(std::uint64_t seed) {
  random_engine random{seed};
  memory_log memory;
  scratch_directory directory{memory_or_disk()};
  auto database = open_or_fail(directory.data());
  micros now = 1'000'000;
  for (auto groups = below(random, 8) + 1; groups > 0; --groups) {
    now += static_cast<micros>(below(random, 200)) - 100;
    std::vector<append_request> group;
    for (auto n = below(random, 6); n > 0; --n)
      group.push_back(random_request(random, memory));
    auto one = memory.append(group, now);
    auto two = database->append(group, now);
    BOOST_TEST_REQUIRE(one.size() == two.size());
    for (std::size_t i = 0; i < one.size(); ++i)
      BOOST_TEST_REQUIRE(show(one[i]) == show(two[i]));
    if (below(random, 10) == 0) {
      database.reset();
      database = open_or_fail(directory.data());
    }
  }
  compare(memory, *database);
}

} // namespace

BOOST_AUTO_TEST_SUITE(histories)

BOOST_AUTO_TEST_CASE(random_histories_give_equal_logs_on_both_engines) {
  auto seed = from_environment("HEADWATER_SEED", std::random_device{}());
  auto count = from_environment("HEADWATER_HISTORIES", 250);
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed << " HEADWATER_HISTORIES=" << count);
  for (std::uint64_t i = 0; i < count; ++i) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed + i << " HEADWATER_HISTORIES=1")
    run_history(seed + i);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
