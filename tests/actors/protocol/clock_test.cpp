#include "actors/protocol/clock.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_CASE(each_ulid_is_above_the_one_before) {
  auto before = headwater::actors::new_ulid();
  for (int i = 0; i < 10'000; ++i) {
    auto next = headwater::actors::new_ulid();
    BOOST_REQUIRE_MESSAGE(before < next, before + " then " + next);
    before = next;
  }
}
