#include "http/rules/rule_transfer.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

using attribution::import_mode;
using attribution::passthrough_referrer;

passthrough_referrer rule(std::int64_t id, std::string domain) {
  passthrough_referrer out;
  out.id = id;
  out.domain = std::move(domain);
  out.utm.source = "s";
  return out;
}

attribution::import_plan<passthrough_referrer> plan() {
  const auto before = std::make_shared<const passthrough_referrer>(rule(2, "b.example"));
  auto after = *before;
  after.is_active = false;
  attribution::import_plan<passthrough_referrer> out;
  out.added.push_back({rule(0, "a.example"), 3, nullptr});
  out.changed.push_back({after, 4, before});
  out.removed.push_back(std::make_shared<const passthrough_referrer>(rule(9, "c.example")));
  return out;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_transfer_json)

BOOST_AUTO_TEST_CASE(an_import_is_counted_in_rows_and_rules) {
  BOOST_TEST(import_as_json({{import_mode::replace, 3, 2, 1, 4}, 12}) ==
             R"({"mode":"replace","dry_run":false,"rows":9,"added":3,"changed":2,"removed":1,)"
             R"("unchanged":4,"version":12})");
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_what_a_create_would_be_sent) {
  const auto got = dry_run_as_json(plan(), {{import_mode::merge, 1, 1, 1, 0}, 5}, "acme");
  BOOST_TEST(got.starts_with(R"({"mode":"merge","dry_run":true,"rows":2,)"));
  BOOST_TEST(contains(got, R"("added":[{"line":3,"rule":{)"));
  const auto added = got.substr(got.find(R"("added":[)"));
  const auto one = added.substr(0, added.find(']'));
  BOOST_TEST(contains(one, R"("domain":"a.example")"));
  BOOST_TEST(!contains(one, R"("id":)"));
  BOOST_TEST(!contains(one, R"("created_at":)"));
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_only_the_fields_that_change) {
  const auto got = dry_run_as_json(plan(), {{import_mode::merge, 1, 1, 1, 0}, 5}, "acme");
  BOOST_TEST(contains(got, R"("changed":[{"line":4,"id":2,"domain":"b.example","changes":)"
                           R"({"is_active":{"from":true,"to":false}}}])"));
  BOOST_TEST(contains(got, R"("removed":[{"id":9,)"));
}

BOOST_AUTO_TEST_CASE(rules_that_are_put_back_come_with_their_ids) {
  attribution::restore_plan both;
  both.passthrough_referrers = plan();
  for (auto& each : both.passthrough_referrers.added)
    each.line = 0;
  for (auto& each : both.passthrough_referrers.changed)
    each.line = 0;
  actors::restore_outcome outcome;
  outcome.version = 8;
  outcome.counts.passthrough_referrers.added = 1;
  const auto got = restore_preview_as_json(both, outcome, "acme");
  BOOST_TEST(got.starts_with(
      R"({"dry_run":true,"version":8,"passthrough_referrers":{"added":1,"changed":0,"removed":0,)"
      R"("unchanged":0},"referrer_mappings":{"added":0,)"));
  BOOST_TEST(!contains(got, R"("line")"));
  BOOST_TEST(contains(got, R"("account_id":"acme")"));
  BOOST_TEST(restore_as_json(outcome).starts_with(R"({"dry_run":false,"version":8,)"));
  BOOST_TEST(restore_as_json(outcome).ends_with(R"("attribution":{"changed":false}})"));
  BOOST_TEST(got.ends_with(R"("attribution":{"changes":{}}}})"), got);
}

BOOST_AUTO_TEST_CASE(settings_that_are_put_back_come_field_by_field) {
  attribution::attribution_settings then;
  then.own_domains = {"a.example"};
  attribution::restore_plan plan;
  plan.attribution = attribution::changed_settings{
      attribution::default_settings(),
      std::make_shared<const attribution::attribution_settings>(then)};
  actors::restore_outcome outcome;
  outcome.counts = attribution::counts_of(plan);
  const auto got = restore_preview_as_json(plan, outcome, "acme");
  BOOST_TEST(contains(got, R"("attribution":{"changed":true},"preview":{)"));
  BOOST_TEST(got.ends_with(
                 R"("attribution":{"changes":{"own_domains":{"from":[],"to":["a.example"]}}}}})"),
             got);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
