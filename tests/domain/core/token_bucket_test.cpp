#include "domain/core/token_bucket.hpp"
#include "random_source.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <thread>
#include <vector>

using namespace headwater;
using namespace std::chrono_literals;
using headwater::attribution::test::random_source;
using headwater::attribution::test::setting;

namespace {

constexpr request_rate a_minute(std::int64_t requests) {
  return {requests, 1min};
}

/// What a token bucket is in textbooks: a number of tokens, in units of 1 / interval, so that it is
/// exact, that grows with time.
class counted_tokens {
public:
  explicit counted_tokens(request_rate at)
      : interval_(at.interval().count()), most_(at.requests * interval_), held_(most_) {}

  bucket_level take(steady_nanos now) {
    held_ = std::min(most_, held_ + (now - last_).count());
    last_ = now;
    bucket_level out;
    out.is_admitted = held_ >= interval_;
    if (out.is_admitted)
      held_ -= interval_;
    else
      out.wait = std::chrono::nanoseconds{interval_ - held_};
    out.remaining = held_ / interval_;
    out.until_full = std::chrono::nanoseconds{most_ - held_};
    return out;
  }

private:
  std::int64_t interval_;
  std::int64_t most_;
  std::int64_t held_;
  steady_nanos last_{};
};

/// Waits of every size, often none at all.
steady_nanos some_wait(random_source& random, const request_rate& at) {
  const auto interval = static_cast<std::uint64_t>(at.interval().count());
  const auto period = static_cast<std::uint64_t>(at.period.count());
  switch (random.below(8)) {
  case 0:
    return steady_nanos(random.below(2 * period));
  case 1:
    return steady_nanos(random.below(3 * interval));
  case 2:
    return at.interval();
  case 3:
    return steady_nanos(random.below(interval));
  default:
    return {};
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(token_buckets)

BOOST_AUTO_TEST_CASE(a_full_bucket_gives_its_size_and_then_one_an_interval) {
  token_bucket bucket;
  const auto rate = a_minute(60);
  steady_nanos now = 5h;
  for (std::int64_t left = 59; left >= 0; --left) {
    const auto level = bucket.take(rate, now);
    BOOST_TEST(level.is_admitted);
    BOOST_TEST(level.remaining == left);
    BOOST_TEST((level.until_full == (60 - left) * 1s));
  }
  const auto refused = bucket.take(rate, now + 400ms);
  BOOST_TEST(!refused.is_admitted);
  BOOST_TEST(refused.remaining == 0);
  BOOST_TEST((refused.wait == 600ms));
  BOOST_TEST((refused.until_full == 59'600ms));
  BOOST_TEST(bucket.take(rate, now + 1s).is_admitted);
  BOOST_TEST(!bucket.take(rate, now + 1s).is_admitted);
  BOOST_TEST(bucket.take(rate, now + 2h).remaining == 59);
}

BOOST_AUTO_TEST_CASE(a_bucket_of_one_gives_one_a_period) {
  token_bucket bucket;
  BOOST_TEST(bucket.take(a_minute(1), 0s).is_admitted);
  BOOST_TEST((bucket.take(a_minute(1), 0s).wait == 1min));
  BOOST_TEST(!bucket.take(a_minute(1), 59'999ms).is_admitted);
  BOOST_TEST(bucket.take(a_minute(1), 60s).is_admitted);
}

BOOST_AUTO_TEST_CASE(any_sequence_of_requests_is_answered_as_by_counted_tokens) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  random_source random(seed);
  for (int round = 0; round < 200; ++round) {
    const request_rate rate{static_cast<std::int64_t>(1 + random.below(round % 2 ? 10 : 100'000)),
                            random.once_in(2) ? steady_nanos(1min) : steady_nanos(1s)};
    token_bucket bucket;
    counted_tokens model(rate);
    steady_nanos now{};
    for (int step = 0; step < 500; ++step) {
      now += some_wait(random, rate);
      const auto got = bucket.take(rate, now);
      const auto wanted = model.take(now);
      BOOST_REQUIRE_MESSAGE(got.is_admitted == wanted.is_admitted &&
                                got.remaining == wanted.remaining &&
                                got.until_full == wanted.until_full && got.wait == wanted.wait,
                            "seed " << seed << ", " << rate.requests << " requests, step " << step);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_period_admits_more_than_twice_the_size_and_what_is_told_holds) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  random_source random(seed);
  for (int round = 0; round < 50; ++round) {
    const auto rate = a_minute(static_cast<std::int64_t>(1 + random.below(300)));
    token_bucket bucket;
    std::deque<steady_nanos> admitted;
    steady_nanos now{};
    for (int step = 0; step < 2'000; ++step) {
      now += some_wait(random, rate);
      const auto level = bucket.take(rate, now);
      if (level.is_admitted) {
        admitted.push_back(now);
      } else if (random.once_in(4)) { // a client that waits as it was told is let in
        now += level.wait;
        BOOST_REQUIRE_MESSAGE(bucket.take(rate, now).is_admitted, "seed " << seed);
        admitted.push_back(now);
      }
      while (!admitted.empty() && admitted.front() <= now - rate.period)
        admitted.pop_front();
      BOOST_REQUIRE_MESSAGE(static_cast<std::int64_t>(admitted.size()) <= 2 * rate.requests,
                            "seed " << seed);
    }
  }
}

BOOST_AUTO_TEST_CASE(threads_together_get_no_more_than_one_alone) {
  constexpr int threads = 4;
  const auto rate = a_minute(10'000);
  token_bucket bucket;
  std::atomic<std::int64_t> admitted = 0;
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (int k = 0; k < 5'000; ++k)
        if (bucket.take(rate, 1h).is_admitted)
          ++admitted;
    });
  for (auto& each : running)
    each.join();
  BOOST_TEST(admitted == rate.requests);
}

BOOST_AUTO_TEST_CASE(seconds_are_rounded_up) {
  BOOST_TEST(whole_seconds(0ns) == 0);
  BOOST_TEST(whole_seconds(1ns) == 1);
  BOOST_TEST(whole_seconds(1s) == 1);
  BOOST_TEST(whole_seconds(1'001ms) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
