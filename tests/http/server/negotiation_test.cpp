#include "http/server/negotiation.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::http {

namespace {

int quality(std::string_view accept) {
  return quality_of(accept, "text/csv").thousandths;
}

} // namespace

BOOST_AUTO_TEST_SUITE(accept)

BOOST_AUTO_TEST_CASE(the_most_specific_range_gives_the_quality) {
  BOOST_TEST(quality("text/csv") == 1000);
  BOOST_TEST(quality("Text/CSV ; charset=utf-8 ; Q=0.25") == 250);
  BOOST_TEST(quality("*/*;q=0.1, text/*;q=0.2, text/csv;q=0.3") == 300);
  BOOST_TEST(quality("text/csv;q=0, */*") == 0);
  BOOST_TEST(quality("*/*, text/*;q=0.2") == 200);
  BOOST_TEST(quality("*/*;q=0.1") == 100);
  BOOST_TEST(quality("text/csv;q=0.1, text/csv;q=0.7, text/csv;q=0.2") == 700);
  BOOST_TEST(quality_of("text/csv", "text/csv").is_named);
  BOOST_TEST(!quality_of("text/*", "text/csv").is_named);
  for (const auto* other : {"", ",", "text/csvx", "application/*", "text", "*", "text/csv/x"})
    BOOST_TEST(quality(other) == 0, other);
}

BOOST_AUTO_TEST_CASE(weights_have_at_most_three_decimals) {
  BOOST_TEST(quality("text/csv;q=1.000") == 1000);
  BOOST_TEST(quality("text/csv;q=1.") == 1000);
  BOOST_TEST(quality("text/csv;q=0.001") == 1);
  BOOST_TEST(quality("text/csv;q=0.5") == 500);
  for (const auto* bad : {"", "2", "1.001", "0.0001", "x", "-1", ".5", "0,5", "0.x", "00", "\"1\""})
    BOOST_TEST(quality(std::string("text/csv;q=") + bad) == 0, bad);
  BOOST_TEST(quality("text/csv;q=x, */*;q=0.4") == 400);
}

BOOST_AUTO_TEST_CASE(commas_and_semicolons_in_quotes_do_not_count) {
  BOOST_TEST(quality("text/csv;title=\"a,b;q=0\\\";\";q=0.5") == 500);
  BOOST_TEST(quality("text/plain;title=\"x, text/csv\"") == 0);
  BOOST_TEST(quality("text/plain;title=\"x, text/csv") == 0);
  BOOST_TEST(quality("text/plain;title=\"x\\") == 0);
}

BOOST_AUTO_TEST_CASE(gzip_is_taken_by_its_name_or_by_a_star) {
  for (const auto* yes : {"gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.1, br", "*", "*;q=0.1",
                          "identity;q=0.5, gzip", "gzip ; q=1.000", "br;q=x, gzip"})
    BOOST_TEST(quality_of_coding(yes, "gzip") > 0, yes);
  for (const auto* no : {"", ",", "identity", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0",
                         "gzipped", "gzip;q=2", "deflate, br"})
    BOOST_TEST(quality_of_coding(no, "gzip") == 0, no);
}

BOOST_AUTO_TEST_CASE(codings_are_weighed) {
  constexpr std::string_view sent = "gzip;q=0.5, br, zstd;q=0, *;q=0.1";
  BOOST_TEST(quality_of_coding(sent, "gzip") == 500);
  BOOST_TEST(quality_of_coding(sent, "br") == 1000);
  BOOST_TEST(quality_of_coding(sent, "zstd") == 0);
  BOOST_TEST(quality_of_coding(sent, "deflate") == 100);
  BOOST_TEST(quality_of_coding("x-gzip", "br") == 0);
}

BOOST_AUTO_TEST_CASE(json_is_the_default_where_csv_is_not_liked_as_much) {
  for (const auto* csv : {"text/csv", "text/csv, application/json", "application/json, text/csv",
                          "text/html, text/csv, */*;q=0.8", "text/*", "application/json;q=0, */*"})
    BOOST_TEST(prefers_csv(csv), csv);
  for (const auto* json : {"", "*/*", "text/csv;q=0", "text/csv;q=0.5, application/json",
                           "text/csv;q=0.5, */*", "text/*, application/json", "image/png"})
    BOOST_TEST(!prefers_csv(json), json);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
