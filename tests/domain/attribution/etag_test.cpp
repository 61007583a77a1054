#include "domain/attribution/etag.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::attribution;

BOOST_AUTO_TEST_SUITE(etags)

BOOST_AUTO_TEST_CASE(a_tag_is_the_quoted_revision) {
  BOOST_TEST(etag_of(42) == "\"42\"");
}

BOOST_AUTO_TEST_CASE(if_match_allows_what_it_lists) {
  const std::pair<std::string_view, bool> cases[] = {{"*", true},
                                                     {" * ", true},
                                                     {"\"42\"", true},
                                                     {"\"41\"", false},
                                                     {"\"41\", \"42\"", true},
                                                     {"\"41\",\"43\"", false},
                                                     {"W/\"42\"", false},
                                                     {"W/\"42\", \"42\"", true},
                                                     {", \"42\" ,,", true},
                                                     {"\"\"", false},
                                                     {"\"a,b\", \"42\"", true},
                                                     {"\"042\"", false}};
  for (const auto& [header, allowed] : cases) {
    const auto parsed = parse_if_match(header);
    BOOST_REQUIRE_MESSAGE(parsed, header);
    BOOST_TEST(parsed->allows(42) == allowed, header);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_tags_is_a_bad_request) {
  for (std::string_view header : {"", "42", "\"42", "42\"", "\"42\" \"43\"", "*, \"42\"",
                                  "w/\"42\"", "W/42", ",", "\"4 2\"", "\"42\"x"}) {
    const auto parsed = parse_if_match(header);
    BOOST_TEST((!parsed && parsed.error().code == errc::bad_request), header);
  }
}

BOOST_AUTO_TEST_SUITE_END()
