#include "http/rules/time_zones.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(time_zones)

BOOST_AUTO_TEST_CASE(zones_are_known_by_the_names_of_the_iana) {
  for (const auto* name : {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires",
                           "Asia/Calcutta", "Etc/GMT+5", "US/Pacific"})
    BOOST_TEST(is_time_zone(name), name);
  for (const auto* name :
       {"", "utc", "europe/berlin", "Europe/Entenhausen", "Berlin", "localtime",
        "posix/Europe/Berlin", "../zoneinfo/UTC", "/etc/passwd", "Europe", "zone.tab", "tzdata.zi"})
    BOOST_TEST(!is_time_zone(name), name);
}

BOOST_AUTO_TEST_CASE(a_zone_that_does_not_exist_is_a_fault_of_the_body) {
  draft body{{{"ai_medium", std::string("ai")}, {"timezone", std::string("Europe/Nowhere")}}, {}};
  check_time_zone(body);
  BOOST_REQUIRE(body.faults.size() == 1u);
  BOOST_TEST(to_string(body.faults[0].at) == "body.timezone");
  BOOST_TEST(body.faults[0].type == "value_error");
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_left_to_the_table_of_fields) {
  for (auto value : {json_value(std::int64_t{7}), json_value(json_null{}),
                     json_value(std::string("Europe/Berlin"))}) {
    draft body{{{"timezone", std::move(value)}}, {}};
    check_time_zone(body);
    BOOST_TEST(body.faults.empty());
  }
  draft without;
  check_time_zone(without);
  BOOST_TEST(without.faults.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
