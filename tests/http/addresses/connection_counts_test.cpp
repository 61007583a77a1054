#include "http/addresses/connection_counts.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(counts_of_connections)

BOOST_AUTO_TEST_CASE(each_address_is_counted_by_itself_and_forgotten_at_the_end) {
  connection_counts counts;
  const counted_address one{1, 4}, other{1, 6};
  {
    const auto first = counts.enter(one), second = counts.enter(one), third = counts.enter(other);
    BOOST_TEST(first.open == 1U);
    BOOST_TEST(second.open == 2U);
    BOOST_TEST(third.open == 1U);
    BOOST_TEST(counts.addresses() == 2U);
  }
  BOOST_TEST(counts.addresses() == 0U);
  BOOST_TEST(counts.enter(one).open == 1U);
}

BOOST_AUTO_TEST_CASE(a_place_that_is_moved_is_left_once) {
  connection_counts counts;
  const counted_address one{1, 4};
  connection_counts::place kept;
  {
    auto entered = counts.enter(one);
    kept = std::move(entered.held);
  }
  BOOST_TEST(counts.enter(one).open == 2U);
  kept = {};
  BOOST_TEST(counts.addresses() == 0U);
}

BOOST_AUTO_TEST_CASE(threads_share_the_counts) {
  connection_counts counts;
  std::vector<std::thread> running;
  for (int i = 0; i < 4; ++i)
    running.emplace_back([&] {
      for (std::uint64_t at = 0; at < 10'000; ++at) {
        const auto entered = counts.enter({at % 7, 4});
        if (entered.open < 1 || entered.open > 4)
          std::abort();
      }
    });
  for (auto& each : running)
    each.join();
  BOOST_TEST(counts.addresses() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
