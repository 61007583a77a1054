#include "http/server/conditional.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {

namespace {

request_head asking(std::vector<header_field> fields) {
  request_head out;
  out.verb = method::get;
  out.fields = std::move(fields);
  return out;
}

verdict judged(std::vector<header_field> fields, std::string_view tag) {
  return judge(read_preconditions(asking(std::move(fields))).value(), tag);
}

} // namespace

BOOST_AUTO_TEST_SUITE(conditional)

BOOST_AUTO_TEST_CASE(without_preconditions_the_answer_is_sent) {
  BOOST_TEST((judged({}, "\"1\"") == verdict::send));
  BOOST_TEST((judged({{"accept", "*/*"}}, "") == verdict::send));
}

BOOST_AUTO_TEST_CASE(if_none_match_compares_weakly) {
  for (const auto* same : {"\"1\"", "W/\"1\"", "*", "\"0\", \"1\""})
    BOOST_TEST((judged({{"if-none-match", same}}, "\"1\"") == verdict::not_modified), same);
  for (const auto* other : {"\"2\"", "W/\"2\"", "\"1-gz\"", "\"\""})
    BOOST_TEST((judged({{"if-none-match", other}}, "\"1\"") == verdict::send), other);
}

BOOST_AUTO_TEST_CASE(if_match_takes_strong_tags_alone) {
  for (const auto* same : {"\"1\"", "*", "\"0\", \"1\"", "\"1-gz\""})
    BOOST_TEST((judged({{"if-match", same}}, "\"1\"") == verdict::send), same);
  for (const auto* other : {"\"2\"", "W/\"1\"", "\"\""})
    BOOST_TEST((judged({{"if-match", other}}, "\"1\"") == verdict::failed), other);
}

BOOST_AUTO_TEST_CASE(what_has_no_tag_matches_a_star_alone) {
  BOOST_TEST((judged({{"if-match", "*"}}, "") == verdict::send));
  BOOST_TEST((judged({{"if-match", "\"\""}}, "") == verdict::failed));
  BOOST_TEST((judged({{"if-none-match", "\"\""}}, "") == verdict::send));
  BOOST_TEST((judged({{"if-none-match", "*"}}, "") == verdict::not_modified));
}

BOOST_AUTO_TEST_CASE(if_match_is_judged_first) {
  BOOST_TEST(
      (judged({{"if-match", "\"2\""}, {"if-none-match", "\"1\""}}, "\"1\"") == verdict::failed));
  BOOST_TEST((judged({{"if-match", "\"1\""}, {"if-none-match", "\"1\""}}, "\"1\"") ==
              verdict::not_modified));
}

BOOST_AUTO_TEST_CASE(several_lines_are_one_list) {
  BOOST_TEST((judged({{"if-none-match", "\"1\""}, {"if-none-match", "\"2\""}}, "\"2\"") ==
              verdict::not_modified));
  BOOST_TEST((judged({{"if-match", "\"1\""}, {"if-match", "\"2\""}}, "\"2\"") == verdict::send));
}

BOOST_AUTO_TEST_CASE(a_malformed_one_is_named) {
  for (const auto* name : {"if-match", "if-none-match"}) {
    const auto read = read_preconditions(asking({{name, "1"}}));
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code == errc::bad_request));
    BOOST_TEST((read.error().message.find(name[3] == 'm' ? "If-Match" : "If-None-Match") == 0));
  }
  BOOST_TEST(!read_preconditions(asking({{"if-match", "*"}, {"if-match", "\"1\""}})));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
