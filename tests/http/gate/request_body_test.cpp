#include "http/gate/request_body.hpp"
#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {
namespace {

using testing::lone_exchange;
using testing::run;

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

errc code_of(lone_exchange& one, std::size_t limit = 100) {
  const auto got = run(json_object(one.x, limit));
  BOOST_REQUIRE(got.has_error());
  return got.error().code;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_bodies)

BOOST_AUTO_TEST_CASE(json_is_known_by_its_media_type_or_by_none) {
  for (const auto* good : {"", "application/json", "application/merge-patch+json"})
    BOOST_TEST(is_json(good), good);
  for (const auto* bad :
       {"text/json", "application/jsonp", "application/x-ndjson", "+json", "text/x+json", "json"})
    BOOST_TEST(!is_json(bad), bad);
}

BOOST_AUTO_TEST_CASE(a_body_is_nested_as_deep_as_the_setting_says) {
  settings limits;
  limits.json_depth = 3;
  BOOST_TEST(check_depth(nested(3), limits).has_value());
  BOOST_TEST((check_depth(nested(4), limits).error().code == errc::bad_request));
  BOOST_TEST(check_depth(R"({"a":"[[[[[["})", limits).has_value());
}

BOOST_AUTO_TEST_CASE(an_object_is_its_members) {
  lone_exchange one;
  one.body = R"({"domain":"a.example","is_active":false})";
  const auto got = run(json_object(one.x, 100));
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->text == one.body);
  BOOST_TEST(got->members.members.size() == 2U);
}

BOOST_AUTO_TEST_CASE(members_count_by_what_they_take_and_not_by_their_text) {
  settings limits;
  limits.body_memory = 1024 * 1024;
  lone_exchange one(limits);
  one.x.charged_to = "account a";
  one.body = R"({"list":[1)";
  for (int i = 0; i < 4'000; ++i)
    one.body += ",1";
  one.body += "]}";
  for (int held = 0; held < 3; ++held) // 160 KiB and more each of the account's half
    BOOST_TEST(run(json_object(one.x, 100'000)).has_value());
  BOOST_TEST((code_of(one, 100'000) == errc::service_unavailable));
  one.x.release_memory();
  BOOST_TEST(run(json_object(one.x, 100'000)).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_refused_by_its_kind) {
  lone_exchange one;
  for (const auto* bad : {"", "{", R"({"a":})", "{} {}", "nul"}) {
    one.body = bad;
    BOOST_TEST((code_of(one) == errc::bad_request), bad);
  }
  one.body = "{}";
  one.x.head.fields = {{"content-type", "text/plain"}};
  BOOST_TEST((code_of(one) == errc::unsupported_media_type));
  one.x.head.fields = {{"content-type", "APPLICATION/JSON; charset=utf-8"}};
  BOOST_TEST((code_of(one, 1) == errc::payload_too_large));
  BOOST_TEST(run(json_object(one.x, 2)).has_value());
}

BOOST_AUTO_TEST_CASE(a_token_that_was_revoked_meanwhile_changes_nothing) {
  lone_exchange one;
  one.body = "{}";
  one.x.caller_is_revoked = std::make_shared<std::atomic<bool>>(true);
  BOOST_TEST((code_of(one) == errc::unauthorized));
  BOOST_TEST((run(taken_body(one.x, 100)).error().code == errc::unauthorized));
}

BOOST_AUTO_TEST_CASE(a_precondition_on_what_has_no_tag_is_judged_with_the_body) {
  lone_exchange one;
  one.body = "{}";
  one.x.head.fields = {{"if-match", "\"1\""}};
  one.x.condition = read_preconditions(one.x.head).value();
  BOOST_TEST(run(json_object(one.x, 100)).has_value());
  one.x.is_untagged_change = true;
  BOOST_TEST((code_of(one) == errc::precondition_failed));
  one.x.head.fields = {{"if-match", "*"}};
  one.x.condition = read_preconditions(one.x.head).value();
  BOOST_TEST(check_untagged(one.x).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
