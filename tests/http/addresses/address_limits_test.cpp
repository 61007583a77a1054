#include "http/addresses/address_limits.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <thread>
#include <vector>

namespace headwater::http {
namespace {

using namespace std::chrono_literals;
using attribution::test::random_source;
using attribution::test::setting;

constexpr request_rate twenty{20, 1s};

counted_address limited_text(const char* text) {
  return counted(boost::asio::ip::make_address(text));
}

int admitted_of(address_limits& limits, const counted_address& from, int requests, steady_nanos now,
                const request_rate& at = twenty, std::uint64_t token_id = 0) {
  int out = 0;
  for (int i = 0; i < requests; ++i)
    out += limits.take({from, token_id}, at, now).is_admitted ? 1 : 0;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(limits_by_address)

BOOST_AUTO_TEST_CASE(each_address_has_a_bucket_of_its_own) {
  address_limits limits;
  const auto one = limited_text("192.0.2.1"), other = limited_text("192.0.2.2");
  BOOST_TEST(admitted_of(limits, one, 100, 1h) == 20);
  BOOST_TEST(admitted_of(limits, other, 5, 1h) == 5);
  BOOST_TEST(admitted_of(limits, one, 100, 1h + 100ms) == 2);
  BOOST_TEST((limits.take({one}, twenty, 1h + 100ms).wait == 50ms));
  BOOST_TEST(admitted_of(limits, one, 100, 1h + 2s) == 20);
}

BOOST_AUTO_TEST_CASE(each_token_of_an_address_has_a_bucket_of_its_own) {
  address_limits limits;
  const auto one = limited_text("192.0.2.1");
  BOOST_TEST(admitted_of(limits, one, 100, 1h, {3, 1s}, 7) == 3);
  BOOST_TEST(admitted_of(limits, one, 100, 1h, {5, 1s}, 8) == 5);
  BOOST_TEST(admitted_of(limits, one, 100, 1h) == 20);
}

BOOST_AUTO_TEST_CASE(few_addresses_are_counted_exactly_in_any_order) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  random_source random(seed);
  address_limits limits;
  std::map<std::uint64_t, token_bucket> model;
  steady_nanos now = 1h;
  for (int i = 0; i < 100'000; ++i) {
    now += steady_nanos(random.once_in(4) ? random.below(20'000'000) : 0);
    const counted_address from{random.below(32), 4};
    const auto wanted = model[from.bits].take(twenty, now);
    const auto got = limits.take({from}, twenty, now);
    BOOST_REQUIRE_MESSAGE(got.is_admitted == wanted.is_admitted && got.wait == wanted.wait,
                          "seed " << seed << ", request " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_flood_of_addresses_does_not_forget_one_that_keeps_trying) {
  address_limits limits(1'000);
  const auto attacker = limited_text("198.51.100.7");
  steady_nanos now = 1h;
  BOOST_TEST(admitted_of(limits, attacker, 20, now) == 20);
  int admitted = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    now += 50us; // a second altogether
    static_cast<void>(limits.take({{i, 6}}, twenty, now));
    admitted += limits.take({attacker}, twenty, now).is_admitted ? 1 : 0;
  }
  BOOST_TEST(admitted <= 21);
}

// An account may make many tokens, and whoever has them may ask with each.
BOOST_AUTO_TEST_CASE(many_tokens_do_not_make_the_table_forget_an_address) {
  address_limits limits;
  const request_rate a_minute{60, 60s};
  const request_rate one_a_minute{1, 60s};
  const auto mine = limited_text("192.0.2.1");
  for (const bool from_there : {true, false}) {
    BOOST_TEST(admitted_of(limits, mine, 100, 1h, a_minute, 7) == (from_there ? 60 : 0));
    for (std::uint64_t address = 0; address < 20; ++address)
      for (std::uint64_t token = 100; token < 1'090; ++token)
        static_cast<void>(limits.take({from_there ? mine : counted_address{address, 4}, token},
                                      one_a_minute, 1h));
    BOOST_TEST(admitted_of(limits, mine, 100, 1h, a_minute, 7) == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_few_tokens_of_an_address_are_counted_apart_and_more_share) {
  address_limits limits;
  const auto mine = limited_text("192.0.2.1");
  const request_rate ten{10, 1s};
  for (std::uint64_t token = 1; token <= 4; ++token)
    BOOST_TEST(admitted_of(limits, mine, 100, 1h, ten, token) == 10);
  BOOST_TEST(admitted_of(limits, mine, 100, 1h, ten, 5) == 0);
  BOOST_TEST(admitted_of(limits, mine, 100, 1h + 1s, ten, 6) == 10);
  BOOST_TEST(admitted_of(limits, limited_text("192.0.2.2"), 100, 1h, ten, 5) == 10);
}

BOOST_AUTO_TEST_CASE(threads_share_the_buckets) {
  address_limits limits;
  const request_rate thousand{1'000, 1h};
  std::atomic<int> admitted = 0;
  std::vector<std::thread> running;
  for (int i = 0; i < 4; ++i)
    running.emplace_back([&] { admitted += admitted_of(limits, {1, 4}, 1'000, 1h, thousand); });
  for (auto& each : running)
    each.join();
  BOOST_TEST(admitted == 1'000);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
