#include "domain/core/digest.hpp"
#include "domain/core/time.hpp"
#include "domain/core/ulid.hpp"
#include "domain/json/json_writer.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;

BOOST_AUTO_TEST_SUITE(text_forms)

BOOST_AUTO_TEST_CASE(times_are_shown_in_seconds_rounded_down_and_in_microseconds) {
  BOOST_TEST(to_rfc3339_seconds(1'736'071'200'999'999) == "2025-01-05T10:00:00Z");
  BOOST_TEST(to_rfc3339_micros(1'736'071'200'000'001) == "2025-01-05T10:00:00.000001Z");
  BOOST_TEST(to_rfc3339_seconds(-1) == "1969-12-31T23:59:59Z");
}

BOOST_AUTO_TEST_CASE(rfc3339_times_are_read_with_any_offset) {
  BOOST_TEST(parse_rfc3339("2025-01-05T10:00:00Z").value() == 1'736'071'200'000'000);
  BOOST_TEST(parse_rfc3339("2025-01-05T11:30:00.5+01:30").value() == 1'736'071'200'500'000);
  for (std::string_view bad : {"", "2025-01-05", "2025-02-29T10:00:00Z", "2025-01-05T25:00:00Z",
                               "2025-01-05T10:00:00", "2025-01-05T10:00:00Zx"})
    BOOST_TEST(!parse_rfc3339(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(days_are_days_of_the_calendar) {
  BOOST_TEST(parse_date("1970-01-02").value() == 1);
  BOOST_TEST(to_date_string(parse_date("2024-02-29").value()) == "2024-02-29");
  for (std::string_view bad : {"2023-02-29", "2023-13-01", "2023-1-1", "0000-01-01", "2023-01-01 "})
    BOOST_TEST(!parse_date(bad).has_value(), bad);
  BOOST_TEST(day_of(-1) == -1);
}

BOOST_AUTO_TEST_CASE(sha256_is_that_of_fips_180_4) {
  BOOST_TEST(to_hex(sha256({"a", "bc"})) ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(from_hex("00fFA1").value() == std::string("\0\xFF\xA1", 3));
  BOOST_TEST(!from_hex("0").has_value());
  BOOST_TEST(!from_hex("0g").has_value());
}

BOOST_AUTO_TEST_CASE(ulids_are_26_letters_that_sort_by_time) {
  const auto one = make_ulid(1, {});
  BOOST_TEST(one == "00000000010000000000000000");
  BOOST_TEST(make_ulid(2, {}) > one);
  BOOST_TEST(parse_ulid("01arz3ndektsv4rrffq69g5fav").value() == "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  BOOST_TEST(!parse_ulid("81ARZ3NDEKTSV4RRFFQ69G5FAV").has_value());
  BOOST_TEST(!parse_ulid("01ARZ3NDEKTSV4RRFFQ69G5FA").has_value());
}

BOOST_AUTO_TEST_CASE(canonical_strings_escape_as_little_as_rfc_8785_does) {
  json_writer out;
  out.begin_array()
      .string(std::string_view("\"\\/\b\t\n\f\r\x01\x7F\xC3\xA4\0", 13))
      .integer(-9'007'199'254'740'991)
      .boolean(false)
      .null()
      .begin_object()
      .key("a")
      .begin_array()
      .end_array()
      .key("b")
      .begin_object()
      .end_object()
      .end_object()
      .end_array();
  BOOST_TEST(out.view() == "[\"\\\"\\\\/\\b\\t\\n\\f\\r\\u0001\x7F\xC3\xA4\\u0000\","
                           "-9007199254740991,false,null,{\"a\":[],\"b\":{}}]");
}

BOOST_AUTO_TEST_SUITE_END()
