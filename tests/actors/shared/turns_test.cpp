#include "actors/shared/turns.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using headwater::actors::turns;

BOOST_AUTO_TEST_SUITE(taking_turns)

BOOST_AUTO_TEST_CASE(accounts_alternate_and_each_keeps_its_order) {
  turns<int> work(3);
  BOOST_TEST((work.add("b", 1) && work.add("b", 2) && work.add("b", 3) && !work.add("b", 4)));
  BOOST_TEST((work.add("a", 10) && work.add("c", 20) && work.add("c", 21)));
  std::vector<int> order;
  while (!work.empty())
    order.push_back(work.next());
  BOOST_TEST((order == std::vector<int>{10, 1, 20, 2, 21, 3}));
  BOOST_TEST((work.add("b", 5) && work.add("a", 11)));
  BOOST_TEST(work.next() == 11); // behind "b", which had the last turn, comes "a" again
}

BOOST_AUTO_TEST_SUITE_END()
