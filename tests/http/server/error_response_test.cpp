#include "http/server/error_response.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(error_bodies)

BOOST_AUTO_TEST_CASE(rules_family_names_code_message_and_request) {
  response out;
  write_error(out, family::rules, error{errc::not_found, "No \"x\""}, "req-1");
  BOOST_TEST(out.status == 404);
  BOOST_TEST(out.body ==
             R"({"error":{"code":"not_found","message":"No \"x\""},"request_id":"req-1"})");
}

BOOST_AUTO_TEST_CASE(validation_errors_list_all_faults) {
  response out;
  const error what{
      errc::validation_error, "Bad", {{{"body", "a"}, "m", "t"}, {{"query", "b"}, "n", "u"}}};
  write_error(out, family::rules, what, "r");
  BOOST_TEST(out.status == 422);
  BOOST_TEST(out.body == R"({"error":{"code":"validation_error","message":"Bad","detail":)"
                         R"([{"field":"body.a","message":"m","type":"t"},)"
                         R"({"field":"query.b","message":"n","type":"u"}]},"request_id":"r"})");
  write_error(out, family::referrals, what, "r");
  BOOST_TEST(out.body == R"({"detail":[{"loc":["body","a"],"msg":"m","type":"t"},)"
                         R"({"loc":["query","b"],"msg":"n","type":"u"}]})");
}

BOOST_AUTO_TEST_CASE(a_conflict_names_the_rule_in_the_way) {
  response out;
  error what{errc::duplicate_entry, "Taken"};
  what.existing_id = 5;
  write_error(out, family::rules, what, "r");
  BOOST_TEST(out.body == R"({"error":{"code":"duplicate_entry","message":"Taken","detail":)"
                         R"({"existing_id":5}},"request_id":"r"})");
}

BOOST_AUTO_TEST_CASE(referrals_family_has_rows_as_numbers) {
  response out;
  write_error(out, family::referrals,
              error{errc::validation_error, "", {{{"body", std::int64_t{3}, "date"}, "m", "t"}}},
              "r");
  BOOST_TEST(out.status == 422);
  BOOST_TEST(out.body == R"({"detail":[{"loc":["body",3,"date"],"msg":"m","type":"t"}]})");
  write_error(out, family::referrals, error{errc::gone, "Gone."}, "r");
  BOOST_TEST(out.status == 410);
  BOOST_TEST(out.body == R"({"detail":"Gone."})");
}

BOOST_AUTO_TEST_CASE(what_happened_inside_stays_inside) {
  for (const auto code : {errc::corrupt_log, errc::io_failed, errc::incompatible_data}) {
    response out;
    write_error(out, family::rules, error{code, "/secret/path"}, "r");
    BOOST_TEST(out.status == 500);
    BOOST_TEST(out.body.find("secret") == std::string::npos);
    BOOST_TEST(out.body.find("internal_error") != std::string::npos);
    BOOST_TEST(out.body.find("Stored data could not be read") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(statuses_carry_the_headers_that_they_ask_for) {
  const auto fields = [](errc code) {
    response out;
    write_error(out, family::rules, error{code, "m"}, "r");
    return out.fields;
  };
  BOOST_TEST(fields(errc::unauthorized) == "WWW-Authenticate: Bearer\r\n");
  for (const auto code :
       {errc::service_unavailable, errc::outcome_unknown, errc::rate_limit_exceeded})
    BOOST_TEST(fields(code) == "Retry-After: 1\r\n");
  BOOST_TEST(fields(errc::not_found) == "");
}

BOOST_AUTO_TEST_CASE(a_quoted_path_that_is_not_utf8_gives_valid_json) {
  response out;
  write_error(out, family::rules, error{errc::forbidden, "Access denied to account: \xff"}, "r");
  BOOST_TEST(out.body.find('\xff') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_header_value_cannot_split_the_answer) {
  response out;
  out.add("Allow", "GET\r\nX: y");
  BOOST_TEST(out.fields == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
