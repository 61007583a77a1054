#include "http/followers.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using headwater::http::followers;

BOOST_AUTO_TEST_SUITE(follower_seats)

BOOST_AUTO_TEST_CASE(seats_are_bounded_in_all_and_for_each_account_and_come_back) {
  followers seats(5, 2);
  std::vector<std::shared_ptr<const void>> taken;
  const auto enter = [&](const char* account) {
    if (auto seat = seats.enter(account))
      taken.push_back(std::move(seat));
    else
      return false;
    return true;
  };
  BOOST_TEST((enter("a") && enter("a") && !enter("a")));
  BOOST_TEST((enter("b") && enter("b") && !enter("b")));
  BOOST_TEST((enter("c") && !enter("c") && !enter("d")));
  taken.erase(taken.begin());
  BOOST_TEST((!enter("b") && enter("a") && !enter("a")));
  taken.clear();
  BOOST_TEST((enter("d") && enter("d") && enter("e") && enter("e") && enter("")));
}

BOOST_AUTO_TEST_SUITE_END()
