#include "http/resolve/result_list.hpp"
#include "tests/http/server/lone_exchange.hpp"

#include <numeric>

namespace headwater::http {
namespace {

using testing::lone_exchange;
using testing::run;

/// Everything that the client gets.
std::string all_of(const lone_exchange& one, const answer& last) {
  return std::accumulate(one.pieces.begin(), one.pieces.end(), std::string{}) + last.body;
}

} // namespace

BOOST_AUTO_TEST_SUITE(result_lists)

BOOST_AUTO_TEST_CASE(no_result_is_an_empty_list) {
  lone_exchange one;
  result_list results(one.x);
  BOOST_TEST(run(results.finish("", "")).body == R"({"success":true,"data":{"results":[]}})");
}

BOOST_AUTO_TEST_CASE(a_short_answer_is_whole) {
  lone_exchange one;
  result_list results(one.x);
  results.add("1");
  results.add(R"({"a":2})");
  const auto got = run(results.finish(R"({"n":2})", R"({"m":1})"));
  BOOST_TEST(got.body ==
             R"({"success":true,"data":{"results":[1,{"a":2}],"summary":{"n":2}},"meta":{"m":1}})");
  BOOST_TEST(one.pieces.empty());
}

BOOST_AUTO_TEST_CASE(a_long_answer_goes_out_in_pieces_that_make_the_same) {
  const std::string each = "\"" + std::string(300 * 1024, 'x') + "\"";
  lone_exchange one;
  result_list results(one.x);
  std::string expected = R"({"success":true,"data":{"results":[)";
  for (int i = 0; i < 10; ++i) {
    results.add(each);
    expected += (i == 0 ? "" : ",") + each;
    if (results.is_due())
      BOOST_TEST(run(results.go_on()));
  }
  const auto last = run(results.finish("", ""));
  BOOST_TEST(last.is_sent);
  BOOST_TEST(one.pieces.size() > 2U);
  BOOST_TEST(one.x.out.status == 200);
  BOOST_TEST((all_of(one, last) == expected + "]}}"));
}

BOOST_AUTO_TEST_CASE(a_client_that_left_gets_no_more) {
  lone_exchange one;
  one.is_there = false;
  result_list results(one.x);
  results.add(std::string(2 << 20, '1'));
  BOOST_TEST(results.is_due());
  BOOST_TEST(!run(results.go_on()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(resolutions)

BOOST_AUTO_TEST_CASE(an_error_in_the_place_of_a_result_names_its_first_fault) {
  const auto rendered = [](const error& what) {
    json_writer out;
    render_error(out, what);
    return std::move(out).str();
  };
  BOOST_TEST(rendered({errc::bad_request, "no \"JSON\""}) ==
             R"({"error":{"code":"bad_request","message":"no \"JSON\""}})");
  BOOST_TEST(rendered({errc::validation_error,
                       "bad",
                       {{location{"body", "url"}, "is missing", "missing"},
                        {location{"body", "referrer"}, "x", "y"}}}) ==
             R"({"error":{"code":"validation_error","message":"body.url: is missing"}})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
