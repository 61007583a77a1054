#include "actors/views/rule_findings.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

lint_request request_for(fixture& f, const std::string& account_id) {
  const auto loaded = f.account(account_id);
  lint_request out;
  out.account_id = account_id;
  out.rules = loaded->rules();
  out.compiled = loaded->rule_set();
  out.limit = 10;
  out.waits_until = std::chrono::steady_clock::now() + std::chrono::hours{1};
  return out;
}

bool names(const std::string& json, const std::string& code) {
  return json.find("\"" + code + "\"") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lintings)

BOOST_AUTO_TEST_CASE(linter_answers_for_the_rules_in_the_request) {
  fixture f;
  f.command("acme", attribution::create_referrer_mapping{mapping_body("*.partner.example"), false})
      .value();
  auto before = request_for(f, "acme");
  f.command("acme", attribution::delete_referrer_mapping{1, {}}).value();
  const auto& linter = f.running->linter();
  BOOST_TEST(names(f.ask<lint_reply>(linter, before).value().json, "never_matches"));
  BOOST_TEST(
      !names(f.ask<lint_reply>(linter, request_for(f, "acme")).value().json, "never_matches"));
  // A set of another version than the rules is not taken.
  before.compiled = f.account("acme")->rule_set();
  BOOST_TEST(names(f.ask<lint_reply>(linter, before).value().json, "never_matches"));
}

BOOST_AUTO_TEST_CASE(request_that_nobody_waits_for_any_more_is_not_worked_on) {
  fixture f;
  auto late = request_for(f, "acme");
  late.waits_until = std::chrono::steady_clock::now() - std::chrono::milliseconds{1};
  const auto reply = f.ask<lint_reply>(f.running->linter(), late);
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST((reply.error().code == errc::service_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
