#include "actors/shared/rule_pins.hpp"

#include <boost/test/unit_test.hpp>

using headwater::actors::rule_pins;

namespace {

constexpr std::size_t all = rule_pins::most_rules;

} // namespace

BOOST_AUTO_TEST_SUITE(pins_of_rules)

BOOST_AUTO_TEST_CASE(one_old_version_is_kept_and_those_before_it_are_called_off) {
  rule_pins pins;
  const auto first = pins.take(all);
  pins.replace(2 * all);
  BOOST_TEST(!*first);
  const auto second = pins.take(all);
  const auto beside = pins.take(all);
  BOOST_TEST(!*first);
  pins.replace(2 * all);
  BOOST_TEST(*first);
  BOOST_TEST(!*second);
  BOOST_TEST(!*beside);
}

BOOST_AUTO_TEST_CASE(versions_that_share_their_rules_are_all_kept) {
  rule_pins pins;
  std::vector<rule_pins::flag> held;
  for (int i = 0; i < 1'000; ++i) {
    held.push_back(pins.take(all));
    pins.replace(1);
  }
  for (const auto& each : held)
    BOOST_TEST(!*each);
  pins.replace(2 * all); // the newest now costs all of its rules, and the others one each
  BOOST_TEST(!*held.back());
  BOOST_TEST(*held.front());
}

BOOST_AUTO_TEST_CASE(what_is_held_no_longer_counts_for_nothing) {
  rule_pins pins;
  const auto first = pins.take(10);
  for (int i = 0; i < 100; ++i) {
    pins.replace(all);
    static_cast<void>(pins.take(all));
  }
  BOOST_TEST(!*first);
}

BOOST_AUTO_TEST_CASE(the_newest_old_version_may_have_any_size) {
  rule_pins pins;
  const auto large = pins.take(10 * all);
  pins.replace(10 * all);
  BOOST_TEST(!*large);
}

BOOST_AUTO_TEST_SUITE_END()
