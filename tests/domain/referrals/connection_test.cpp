#include "domain/referrals/connection.hpp"
#include "domain/referrals/registration.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

using namespace headwater;
using namespace headwater::referrals;

namespace {

std::string outcome(std::string_view body) {
  auto request = read_connection_request(body);
  if (request)
    return "ok " + request->website + " " + std::string{to_string(request->provider)};
  if (request.error().code != errc::validation_error)
    return std::string{headwater::to_string(request.error().code)};
  std::string out;
  for (const auto& fault : request.error().faults)
    out += (out.empty() ? "" : "; ") +
           (fault.at.steps().size() > 1 ? std::get<std::string>(fault.at.steps()[1])
                                        : std::string{"body"}) +
           " " + fault.type;
  return out;
}

connection active_connection() {
  return {{"01ARZ3NDEKTSV4RRFFQ69G5FAV", 7, "https://example.com", provider::matomo, 5},
          connection_status::active,
          3};
}

} // namespace

BOOST_AUTO_TEST_SUITE(connections)

BOOST_AUTO_TEST_CASE(a_registration_is_read) {
  for (auto name : {"adobe_analytics", "google_analytics", "matomo", "piwik_pro", "custom"})
    BOOST_TEST(outcome(R"({"website":"https://Example.com/","provider":")" + std::string{name} +
                       "\"}") == "ok https://Example.com/ " + std::string{name});
  BOOST_TEST(outcome(R"({"provider":"custom","website":"a","more":{"website":[5]}})") ==
             "ok a custom");
}

BOOST_AUTO_TEST_CASE(another_provider_is_a_bad_request) {
  BOOST_TEST(outcome(R"({"website":"a.com","provider":"plausible"})") == "bad_request");
  BOOST_TEST(outcome(R"({"website":"a.com","provider":"Matomo"})") == "bad_request");
  BOOST_TEST(outcome(R"({"website":"a.com","provider":")" + std::string(64, 'p') + "\"}") ==
             "bad_request");
}

BOOST_AUTO_TEST_CASE(an_empty_or_overlong_provider_is_a_validation_error) {
  BOOST_TEST(outcome(R"({"website":"a.com","provider":""})") == "provider string_too_short");
  BOOST_TEST(outcome(R"({"website":"a.com","provider":")" + std::string(65, 'p') + "\"}") ==
             "provider string_too_long");
  auto request = read_connection_request(R"({"website":"a.com","provider":""})");
  BOOST_REQUIRE(request.has_error());
  BOOST_TEST(
      (request.error().faults.at(0).at == location{std::string{"body"}, std::string{"provider"}}));
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_at_once) {
  BOOST_TEST(outcome("{}") == "website missing; provider missing");
  BOOST_TEST(outcome(R"({"website":5,"provider":null})") ==
             "website string_type; provider string_type");
  BOOST_TEST(outcome(R"({"website":"","provider":["matomo"]})") ==
             "website string_too_short; provider string_type");
  BOOST_TEST(outcome(R"({"website":"a.com","website":"b.com","provider":"custom"})") ==
             "website duplicate_key");
  BOOST_TEST(outcome(R"({"website":"a.com","provider":"custom","x":{"y":1e400,"y":1}})") ==
             "x finite_number; x duplicate_key");
  BOOST_TEST(outcome(R"({"website":")" + std::string(2049, 'w') + R"(","provider":"custom"})") ==
             "website string_too_long");
  BOOST_TEST(outcome(R"({"website":"a\u0000b","provider":"custom"})") == "website string_control");
  BOOST_TEST(outcome(R"({"website":"https://","provider":"custom"})") == "website value_error");
  BOOST_TEST(outcome("[]") == "body model_attributes_type");
  BOOST_TEST(outcome("5") == "body model_attributes_type");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_is_a_bad_request) {
  for (auto body : {"", " ", "{", "{} {}", "{\"website\":\"\xff\"}", "{\"x\":\"\\udc00\"}",
                    "{\"x\":1e400", "\xef\xbb\xbf{}"})
    BOOST_TEST(outcome(body) == "bad_request", body);
  std::string deep = "{\"x\":" + std::string(40, '[') + std::string(40, ']') + "}";
  BOOST_TEST(outcome(deep) == "bad_request");
}

BOOST_AUTO_TEST_CASE(a_website_has_no_scheme_but_http_and_https) {
  const auto of = [](const std::string& website) {
    return outcome(R"({"website":")" + website + R"(","provider":"custom"})");
  };
  for (const std::string website :
       {"https://a.example", "HTTP://a.example/x:y", "http:a.example", "a.example", "//a.example",
        "a.example:8080", "a.example:8080/path?q=javascript:1", "localhost:3000", "[::1]:8080",
        "a.example/javascript:1", "b\u00fccher.example:443", " https://a.example", "a"})
    BOOST_TEST(of(website).starts_with("ok "), website);
  for (const std::string website :
       {"javascript:alert(1)", "JavaScript:1", " javascript:1/alert(1)", "javascript:%61lert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://a.example",
        "mailto:a@b.example", "javascript://a.example/%0aalert(1)", "a.example:x",
        "user:secret@a.example", ":x", "blob:https://a.example", "view-source:https://a.example"})
    BOOST_TEST(of(website) == "website url_scheme", website);
}

BOOST_AUTO_TEST_CASE(websites_are_compared_by_their_plain_form) {
  for (auto same : {"example.com", "EXAMPLE.com", "http://example.com", "https://www.example.com/",
                    "HTTPS://WWW.Example.com", "example.com/?a=b", "example.com#top",
                    "//example.com//", "www.example.com/?x=/#/y", "  example.com "})
    BOOST_TEST(comparison_form(same) == "example.com", same);
  BOOST_TEST(comparison_form("https://Example.com/Shop/") == "example.com/shop");
  BOOST_TEST(comparison_form("shop.example.com") == "shop.example.com");
  BOOST_TEST(comparison_form("example.com:8080") == "example.com:8080");
  BOOST_TEST(comparison_form("https://?x").empty());
}

BOOST_AUTO_TEST_CASE(a_new_website_is_registered) {
  auto event = register_connection({"Example.com", provider::custom}, 7, "ID", {});
  BOOST_REQUIRE(event.has_value());
  BOOST_TEST((*event == connection_event{
                            connection_registered{{"ID", 7, "Example.com", provider::custom, 0}}}));
}

BOOST_AUTO_TEST_CASE(a_second_active_connection_of_a_website_is_a_conflict) {
  registration_state known{"01ARZ3NDEKTSV4RRFFQ69G5FAV", active_connection()};
  auto event = register_connection({"example.com", provider::matomo}, 7, "ID", known);
  BOOST_REQUIRE(event.has_error());
  BOOST_TEST((event.error().code == errc::duplicate_entry));
  known.with_same_provider = std::nullopt;
  BOOST_TEST((register_connection({"example.com", provider::custom}, 7, "ID", known).has_error()));
}

BOOST_AUTO_TEST_CASE(registering_a_disabled_one_again_reactivates_it) {
  auto before = active_connection();
  before.status = connection_status::disabled;
  auto event =
      register_connection({"www.example.com", provider::matomo}, 7, "ID", {std::nullopt, before});
  BOOST_REQUIRE(event.has_value());
  BOOST_TEST((*event == connection_event{connection_reactivated{before.identity}}));
}

BOOST_AUTO_TEST_CASE(disabling_twice_changes_nothing) {
  auto current = active_connection();
  auto event = disable_connection(current);
  BOOST_REQUIRE(event.has_value());
  auto disabled = state_after(*event, {4, 9});
  BOOST_TEST((disabled.status == connection_status::disabled));
  BOOST_TEST(disabled.version == 4U);
  BOOST_TEST((disabled.identity == current.identity));
  BOOST_TEST(!disable_connection(disabled).has_value());
}

BOOST_AUTO_TEST_CASE(the_410_is_worded_as_the_vendors) {
  BOOST_TEST(connection_is_disabled().message ==
             "Connection is disabled; re-register before retrying.");
  BOOST_TEST((connection_is_disabled().code == errc::gone));
}

BOOST_AUTO_TEST_SUITE_END()
