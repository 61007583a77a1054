// Single cells: figures and dates in the forms that tools write.

#include "domain/analytics_files/dates.hpp"
#include "domain/analytics_files/figures.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::analytics_files;

namespace {

std::string point(std::string_view text) {
  return plain_number(text, decimal_mark::point).value_or("none");
}

std::string comma(std::string_view text) {
  return plain_number(text, decimal_mark::comma).value_or("none");
}

std::string day(const date_reader& by, std::string_view text) {
  const auto read = by.read(text);
  return read ? to_date_string(*read) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(figures)

BOOST_AUTO_TEST_CASE(digits_are_kept_as_they_are) {
  for (const auto* text :
       {"0", "7", "1234", "19.990000000000002", "0.1", "12.0", "1e3", "1.5E-3", "-4", "-0.5"})
    BOOST_TEST(point(text) == text);
}

BOOST_AUTO_TEST_CASE(thousands_signs_and_zeros_in_front_are_dropped) {
  BOOST_TEST(point("1,234") == "1234");
  BOOST_TEST(point("12,345,678.90") == "12345678.90");
  BOOST_TEST(point("007") == "7");
  BOOST_TEST(point("000") == "0");
  BOOST_TEST(point(".5") == "0.5");
  BOOST_TEST(point("5.") == "5");
  BOOST_TEST(point(" $1,234.50 ") == "1234.50");
  BOOST_TEST(point("-$5") == "-5");
  BOOST_TEST(point("$-5") == "-5");
  BOOST_TEST(point("12.50 €") == "12.50");
  BOOST_TEST(point("12.50\xC2\xA0€") == "12.50");
  BOOST_TEST(point("USD 12.50") == "12.50");
  BOOST_TEST(point("12.50EUR") == "12.50");
}

BOOST_AUTO_TEST_CASE(a_decimal_comma_is_read_where_it_is_told) {
  BOOST_TEST(comma("1.234,50") == "1234.50");
  BOOST_TEST(comma("1.234") == "1234");
  BOOST_TEST(comma("19,99") == "19.99");
  BOOST_TEST(comma("1.234.567 €") == "1234567");
  BOOST_TEST(comma("42") == "42");
}

BOOST_AUTO_TEST_CASE(spaces_between_groups_of_three_are_dropped) {
  for (const std::string space : {" ", "\xC2\xA0", "\xE2\x80\xAF"}) {
    BOOST_TEST(comma("1" + space + "234") == "1234");
    BOOST_TEST(comma("12" + space + "345" + space + "678,90" + space + "€") == "12345678.90");
    BOOST_TEST(comma("-1" + space + "234,5") == "-1234.5");
    BOOST_TEST(comma(space + "0" + space + "234" + space) == "234");
    BOOST_TEST(point("1" + space + "234.50") == "1234.50");
    for (const auto& bad : {"1" + space + "23", "1234" + space + "567", "1" + space + "2345",
                            "1" + space + space + "234", "1" + space + "234" + space + "5",
                            "1" + space + "234.567", "1,5" + space + "000"})
      BOOST_TEST_CONTEXT(bad) {
        BOOST_TEST(comma(bad) == "none");
      }
    BOOST_TEST(point("1" + space + "234,567") == "none");
    BOOST_TEST(no_number("1" + space + "234,50", decimal_mark::point).find("--decimal comma") !=
               std::string::npos);
  }
  BOOST_TEST(comma("1 234\xC2\xA0"
                   "567") == "none");
}

BOOST_AUTO_TEST_CASE(what_is_ambiguous_or_no_number_is_refused) {
  for (const auto* text :
       {"",       "-",      ".",        "$",     "abc",   "1,23", "1234,567", "1,2345", ",123",
        "1,,234", "1,234,", "1.234,50", "19,99", "1.2.3", "1 23", "12%",      "1e",     "e5",
        "--1",    "-$-1",   "+1",       "1-",    "$$1",   "(5)",  "0x10",     "NaN",    "$1$"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(point(text) == "none");
    }
  for (const auto* text : {"19.99", "1,234.50", "1.23", "1,2,3"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(comma(text) == "none");
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_mark_that_would_read_it) {
  BOOST_TEST(no_number("19,99", decimal_mark::point).find("--decimal comma") != std::string::npos);
  BOOST_TEST(no_number("x", decimal_mark::point) == "'x' is no number with a decimal point");
  BOOST_TEST(no_number("19.99", decimal_mark::comma).find("leave --decimal comma out") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dates)

BOOST_AUTO_TEST_CASE(the_forms_of_ga4_and_adobe_need_no_pattern) {
  const date_reader any;
  for (const auto* text : {"20260131", "2026-01-31", "January 31, 2026", "Jan 31, 2026",
                           "JANUARY 31, 2026", "  20260131 ", "2026-1-31"})
    BOOST_TEST(day(any, text) == "2026-01-31");
  BOOST_TEST(day(any, "May 3, 2026") == "2026-05-03");
}

BOOST_AUTO_TEST_CASE(days_that_are_none_or_have_two_meanings_are_refused) {
  const date_reader any;
  for (const auto* text :
       {"", "20260230", "2026-13-01", "2026111", "202601310", "01/02/2026", "Grand total",
        "2026-01-31T00:00:00Z", "0000-01-01", "Janu 3, 2026", "20260100", "Day"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(day(any, text) == "none");
    }
  BOOST_TEST(any.no_day("1/2/2026").find("--date-format") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pattern_reads_its_form_and_no_other) {
  const auto german = date_reader::of("%d.%m.%Y").value();
  BOOST_TEST(day(german, "31.01.2026") == "2026-01-31");
  BOOST_TEST(day(german, "1.2.2026") == "2026-02-01");
  BOOST_TEST(day(german, "20260131") == "none");
  const auto hour = date_reader::of("%Y%m%d00").value();
  BOOST_TEST(day(hour, "2026013100") == "2026-01-31");
  const auto percent = date_reader::of("%%%d %b %Y").value();
  BOOST_TEST(day(percent, "%3 March 2026") == "2026-03-03");
}

BOOST_AUTO_TEST_CASE(a_pattern_names_year_month_and_day_once_each) {
  for (const auto* text :
       {"", "%Y", "%Y-%m", "%d/%m/%y", "%Y-%m-%d-%d", "%Y-%m-%b", "%Y-%m-%d%", "%H%Y%m%d", "%B %d"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(date_reader::of(text).has_error());
    }
}

BOOST_AUTO_TEST_SUITE_END()
