#include "http/server/shared_body.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>
#include <string>
#include <thread>
#include <vector>

namespace headwater::http {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(shared_bodies)

BOOST_AUTO_TEST_CASE(a_body_is_there_in_both_forms) {
  const shared_body body(std::string(100'000, 'x'));
  BOOST_TEST(body.plain().size() == 100'000U);
  BOOST_TEST(body.gzip().size() < 1'000U);
  BOOST_TEST(body.gzip().starts_with("\x1f\x8b"));
}

BOOST_AUTO_TEST_CASE(a_body_is_packed_once_whoever_asks_first) {
  const shared_body body(std::string(3'000'000, 'x'));
  std::vector<const char*> found(4);
  std::vector<std::thread> running;
  for (auto& each : found)
    running.emplace_back([&] { each = body.gzip().data(); });
  for (auto& each : running)
    each.join();
  for (const auto* each : found)
    BOOST_TEST(static_cast<const void*>(each) == static_cast<const void*>(body.gzip().data()));
}

BOOST_AUTO_TEST_CASE(a_page_is_made_for_each_request_but_ten_times_a_second) {
  int made = 0;
  shared_page page([&] { return std::to_string(++made); });
  for (int i = 1; i <= 10; ++i)
    BOOST_TEST(page.get(1h)->plain() == std::to_string(i));
  const auto last = page.get(1h);
  BOOST_TEST(last->plain() == "10");
  for (int i = 0; i < 1'000; ++i)
    BOOST_TEST(page.get(1h + i * 1us) == last);
  BOOST_TEST(page.get(1h + 100ms)->plain() == "11");
  BOOST_TEST(page.get(1h + 199ms)->plain() == "11");
  for (int i = 0; i < 10'000; ++i)
    static_cast<void>(page.get(2h + i * 1ms));
  BOOST_TEST(made <= 11 + 10 + 100);
  BOOST_TEST(made >= 11 + 10 + 99);
}

BOOST_AUTO_TEST_CASE(a_page_is_made_once_a_second_while_many_are_unread) {
  int made = 0;
  shared_page page([&] { return std::to_string(++made); });
  std::vector<shared_body_ptr> unread;
  auto now = std::chrono::nanoseconds{1h};
  for (int i = 0; i < 300; ++i)
    unread.push_back(page.get(now += 100ms));
  // 65 at ten a second, and then 23.5 s at one a second.
  BOOST_TEST(made >= 65 + 23);
  BOOST_TEST(made <= 65 + 24);
  unread.clear();
  const auto before = made;
  for (int i = 0; i < 50; ++i)
    static_cast<void>(page.get(now += 100ms));
  BOOST_TEST(made >= before + 49);
}

BOOST_AUTO_TEST_CASE(a_page_that_took_longer_than_a_later_one_is_not_shown) {
  std::atomic<int> begun = 0;
  std::latch ninth_began{1};
  std::latch tenth_is_shown{1};
  shared_page page([&] {
    const auto number = ++begun;
    if (number == 9) {
      ninth_began.count_down();
      tenth_is_shown.wait();
    }
    return std::to_string(number);
  });
  for (int i = 1; i <= 8; ++i)
    static_cast<void>(page.get(1h));
  std::string ninth;
  std::thread slow([&] { ninth = page.get(1h)->plain(); });
  ninth_began.wait();
  BOOST_TEST(page.get(1h)->plain() == "10");
  tenth_is_shown.count_down();
  slow.join();
  BOOST_TEST(ninth == "10");
  // These were all ten of this second.
  BOOST_TEST(page.get(1h)->plain() == "10");
}

BOOST_AUTO_TEST_CASE(threads_share_a_page) {
  std::atomic<int> made = 0;
  shared_page page([&] { return std::to_string(++made); });
  std::vector<std::thread> running;
  for (int i = 0; i < 4; ++i)
    running.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n)
        if (page.get(1h)->plain().empty())
          std::abort();
    });
  for (auto& each : running)
    each.join();
  BOOST_TEST(made >= 10);
  BOOST_TEST(made <= 14); // until the first is made, each thread makes its own
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
