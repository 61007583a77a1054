#include "domain/rules/referrer_mapping.hpp"
#include "http/rules/rule_meta.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(meta_of_rules)

BOOST_AUTO_TEST_CASE(a_list_tells_its_version_and_the_point_that_was_asked_for) {
  BOOST_TEST(list_meta(0, {}) == R"({"version":0})");
  BOOST_TEST(list_meta(12, R"({"version":12,"time":null})") ==
             R"({"as_of":{"version":12,"time":null},"version":12})");
}

BOOST_AUTO_TEST_CASE(a_change_of_chosen_rules_tells_what_it_ignored_and_normalised) {
  attribution::chosen_change<attribution::referrer_mapping> change;
  BOOST_TEST(change_meta(change).empty());
  change.ignored_fields = {"set.colour"};
  BOOST_TEST(change_meta(change) == R"({"ignored_fields":["set.colour"]})");
  change.ignored_fields.clear();
  change.normalised.push_back({5, {"referrer_pattern", "a.com/x", "a.com", "cut"}});
  BOOST_TEST(change_meta(change) ==
             R"({"normalised":[{"id":5,"field":"referrer_pattern","sent":"a.com/x",)"
             R"("stored":"a.com","message":"cut"}]})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
