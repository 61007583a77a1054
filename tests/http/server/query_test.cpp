#include "http/server/query.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(query_string)

BOOST_AUTO_TEST_CASE(values_are_decoded_and_the_first_one_counts) {
  query one;
  const std::string text = "a=1&&b=x%20y+z&a=2&=e&c&%61b=%C3%BC&d=a=b";
  BOOST_REQUIRE(one.parse(text));
  BOOST_TEST(one.find("a").value() == "1");
  BOOST_TEST(one.find("b").value() == "x y z");
  BOOST_TEST(one.find("c").value() == "");
  BOOST_TEST(one.find("ab").value() == "\xc3\xbc");
  BOOST_TEST(one.find("d").value() == "a=b");
  BOOST_TEST(!one.find("e").has_value());
  BOOST_TEST(one.items().size() == 7U);
}

BOOST_AUTO_TEST_CASE(malformed_escapes_are_refused) {
  query one;
  for (const auto text : {"a=%", "a=%2", "a=%zz", "%g0=1", "a=1&b=%4"})
    BOOST_TEST(!one.parse(text), text);
}

BOOST_AUTO_TEST_CASE(booleans_have_four_spellings_in_any_case) {
  query one;
  BOOST_REQUIRE(one.parse("a=TRUE&b=0&c=yes&d=oFF&e=maybe&f="));
  BOOST_TEST(one.boolean("a", false).value() == true);
  BOOST_TEST(one.boolean("b", true).value() == false);
  BOOST_TEST(one.boolean("c", false).value() == true);
  BOOST_TEST(one.boolean("d", true).value() == false);
  BOOST_TEST(one.boolean("none", true).value() == true);
  BOOST_REQUIRE(one.boolean("e", true).has_error());
  BOOST_TEST(to_string(one.boolean("e", true).error().faults.at(0).at) == "query.e");
  BOOST_TEST(one.boolean("f", true).has_error());
}

BOOST_AUTO_TEST_CASE(integers_are_bounded) {
  query one;
  BOOST_REQUIRE(one.parse("a=5&b=-1&c=x&d=99999999999999999999&e=1.5&f=%2B5"));
  BOOST_TEST(one.integer("a", 0, 10).value().value() == 5);
  BOOST_TEST(!one.integer("none", 0, 10).value().has_value());
  for (const auto name : {"b", "c", "d", "e", "f"})
    BOOST_TEST(one.integer(name, 0, INT64_MAX).has_error(), name);
}

BOOST_AUTO_TEST_CASE(integer_text_of_any_length_is_told_from_no_integer) {
  BOOST_TEST(parse_integer(std::string(200, '9')).value().overflow);
  BOOST_TEST(parse_integer("-7").value().value == -7);
  for (const auto text : {"", "abc", "1.5", "1x", " 1", "+1", "0x1"})
    BOOST_TEST(!parse_integer(text).has_value(), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
