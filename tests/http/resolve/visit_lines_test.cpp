#include "http/resolve/visit_lines.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace headwater::http {
namespace {

/// The lines of a body that arrives in pieces of `step`; "!" for one that is too long.
std::vector<std::string> cut(const std::string& body, std::size_t step, std::size_t limit) {
  line_cutter lines(limit);
  std::vector<std::string> out;
  const auto keep = [&](const line_cutter::line& one) {
    out.push_back(one.too_long ? "!" : std::string(one.text));
  };
  for (std::size_t at = 0; at < body.size(); at += step) {
    lines.input().append(body.substr(at, step));
    while (const auto one = lines.next())
      keep(*one);
  }
  while (const auto one = lines.last())
    keep(*one);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(visit_lines)

BOOST_AUTO_TEST_CASE(lines_are_the_same_however_they_arrive) {
  const std::string body = "one\r\n\n  \ntwo\n" + std::string(40, 'x') + "\nthree\r\nfour";
  const std::vector<std::string> expected{"one", "two", "!", "three", "four"};
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const auto found = cut(body, step, 8);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_line_of_other_blanks_than_those_of_json_is_a_line) {
  const std::string body = "one\n \t\r\n\v\n\f\r\n \t two\t \r\n\ftwo\v\n\xC2\xA0\n\r\n \r\v";
  const std::vector<std::string> expected{"one", "\v", "\f", "two", "\ftwo\v", "\xC2\xA0", "\v"};
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const auto found = cut(body, step, 8);
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_line_of_the_limit_is_not_too_long) {
  const std::vector<std::string> expected{"12345678"};
  for (const auto body : {"12345678", "12345678\n", "12345678\r\n"})
    for (const std::size_t step : {1U, 20U}) {
      const auto found = cut(body, step, 8);
      BOOST_TEST(found == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(an_endless_line_is_reported_once_and_not_kept) {
  line_cutter lines(8);
  std::size_t reported = 0;
  for (int i = 0; i < 1000; ++i) {
    lines.input().append(1000, 'x');
    while (const auto one = lines.next())
      reported += one->too_long ? 1U : 100U;
  }
  BOOST_TEST(reported == 1U);
  BOOST_TEST(lines.input().size() < 10U);
  BOOST_TEST(!lines.last().has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
