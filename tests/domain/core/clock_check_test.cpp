#include "domain/core/clock_check.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater {
namespace {

constexpr micros second = 1'000'000;
constexpr micros minute = 60 * second;
constexpr micros day = 1'440 * minute;
constexpr micros event = 1'800'000'000 * second;

bool is_accepted(micros now, const known_times& known) {
  return check_clock(now, known).has_value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_AUTO_TEST_CASE(a_clock_may_be_some_minutes_behind_the_log) {
  const known_times known{event, event, event - 9 * day};
  BOOST_TEST(is_accepted(event, known));
  BOOST_TEST(is_accepted(event - 5 * minute, known));
  BOOST_TEST(!is_accepted(event - 5 * minute - 1, known));
  BOOST_TEST(!is_accepted(0, known));
}

BOOST_AUTO_TEST_CASE(a_long_rest_is_judged_by_the_latest_of_what_is_known) {
  for (const auto& known :
       {known_times{event, event - day, event - day}, known_times{event - day, event, event - day},
        known_times{event - day, event - day, event},
        known_times{event, std::nullopt, std::nullopt}}) {
    BOOST_TEST(is_accepted(event + 400 * day, known));
    BOOST_TEST(!is_accepted(event + 400 * day + 1, known));
  }
}

BOOST_AUTO_TEST_CASE(nothing_known_is_nothing_to_judge_by) {
  BOOST_TEST(is_accepted(0, {}));
  BOOST_TEST(is_accepted(event, {}));
}

BOOST_AUTO_TEST_CASE(a_refusal_names_both_times_and_the_way_out) {
  const auto early = check_clock(event - day, {event, std::nullopt, std::nullopt}).error().message;
  for (const auto text : {"2027-01-14T08:00:00Z", "2027-01-15T08:00:00Z", "--accept-clock"})
    BOOST_TEST((early.find(text) != early.npos), early);
  const auto late = check_clock(event + 401 * day, {event, event, event}).error().message;
  for (const auto text : {"2028-02-20T08:00:00Z", "2027-01-15T08:00:00Z", "--accept-clock"})
    BOOST_TEST((late.find(text) != late.npos), late);
}

BOOST_AUTO_TEST_CASE(a_jump_is_told_once_in_either_direction) {
  clock_watch watch;
  BOOST_TEST(!watch.look(event, 100 * second));
  BOOST_TEST(!watch.look(event + second, 101 * second));
  BOOST_TEST(watch.look(event + 5 * minute + 2 * second, 102 * second).value() == 5 * minute);
  BOOST_TEST(!watch.look(event + 5 * minute + 3 * second, 103 * second));
  BOOST_TEST(watch.look(event - day + 4 * second, 104 * second).value() == -day - 5 * minute);
  BOOST_TEST(!watch.look(event - day + 5 * second, 105 * second));
}

BOOST_AUTO_TEST_CASE(a_pause_of_the_system_and_small_corrections_are_no_jumps) {
  clock_watch watch;
  BOOST_TEST(!watch.look(event, 0));
  BOOST_TEST(!watch.look(event + 30 * day, 30 * day)); // nothing ran in between
  BOOST_TEST(!watch.look(event + 30 * day + 5 * minute - 1, 30 * day));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater
