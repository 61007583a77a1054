#include "domain/hosts/domain_name.hpp"
#include "domain/lists/source_lists.hpp"
#include "domain/presets/presets.hpp"
#include "tests/domain/rules/account.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

using namespace headwater;
using namespace headwater::attribution;
using test::account;

namespace {

std::set<std::string> domains_of(std::string_view name) {
  std::set<std::string> out;
  for (const auto& each : rules_of(*find_preset(name)))
    out.insert(each.domain);
  return out;
}

/// What applying a pack would add.
import_plan<passthrough_referrer> plan(const account& to, std::string_view name) {
  return plan_import(to.rules().passthrough_referrers(), rows_of(*find_preset(name)),
                     import_mode::merge, 50'000)
      .value();
}

bool adds(const import_plan<passthrough_referrer>& of, std::string_view domain) {
  return std::ranges::any_of(of.added,
                             [&](const auto& each) { return each.rule.domain == domain; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(preset_packs)

BOOST_AUTO_TEST_CASE(every_pack_has_rules_that_an_account_takes_as_they_are) {
  BOOST_TEST(all_presets().size() == 5U);
  for (const auto& each : all_presets()) {
    const auto rules = rules_of(each);
    BOOST_TEST_CONTEXT(each.name) {
      BOOST_TEST(rules.size() >= 9U);
      BOOST_TEST(each.description.ends_with('.'));
      for (auto rule : rules) {
        const auto sent = rule;
        read_report report;
        normalise(rule, report);
        check_limits(rule, report);
        BOOST_TEST(report.faults.empty(), rule.domain);
        BOOST_TEST((rule == sent), rule.domain);
      }
    }
  }
  BOOST_TEST(!find_preset("everything"));
}

BOOST_AUTO_TEST_CASE(packs_have_the_hosts_of_their_groups) {
  const auto payment = domains_of("payment");
  for (const auto* domain :
       {"paypal.com", "checkoutshopper-live-us.adyen.com", "checkoutshopper-live-au.adyen.com",
        "checkoutshopper-live-apse.adyen.com", "checkoutshopper-live-in.adyen.com",
        "bancontact.com", "pay.twint.ch", "payments.amazon.de"})
    BOOST_TEST(payment.contains(domain), domain);
  BOOST_TEST(domains_of("identity").contains("login.bankid.no"));
  BOOST_TEST(domains_of("three_d_secure").contains("cardinalcommerce.com"));
  BOOST_TEST(domains_of("booking").contains("booking.mirai.com"));
  BOOST_TEST(domains_of("own_mail").contains("mail.google.com"));
}

BOOST_AUTO_TEST_CASE(a_visit_from_a_pack_is_none_from_a_shop_or_a_search_engine) {
  for (const auto& pack : all_presets())
    for (const auto& each : rules_of(pack)) {
      const auto* named = source_lists::shipped()->of_source(each.utm.source);
      const auto name = named ? named->name : std::string_view();
      BOOST_TEST((!named || named->kind == source_kind::email),
                 pack.name << ": " << each.domain << " is " << name);
    }
}

BOOST_AUTO_TEST_CASE(a_visit_from_mail_without_a_session_counts_as_mail) {
  const auto& lists = *source_lists::shipped();
  for (const auto& each : rules_of(*find_preset("own_mail"))) {
    BOOST_TEST(each.utm.medium == "email");
    const auto* known = lists.of_host(each.domain, host_kind::domain);
    BOOST_REQUIRE_MESSAGE(known, each.domain << " is on no list");
    BOOST_TEST((known->kind == source_kind::email), each.domain);
    BOOST_TEST(each.utm.source == known->source);
    const auto* named = lists.of_source(each.utm.source); // what its channel is told by
    BOOST_TEST((!named || named->kind == source_kind::email),
               each.domain << " is named " << each.utm.source);
  }
  const auto rules = rules_of(*find_preset("own_mail"));
  const auto gmail = std::ranges::find(rules, "mail.google.com", &passthrough_referrer::domain);
  BOOST_REQUIRE((gmail != rules.end()));
  BOOST_TEST(gmail->utm.source == "gmail");
}

BOOST_AUTO_TEST_CASE(a_pack_adds_what_is_missing_and_leaves_the_rest_alone) {
  account one;
  BOOST_REQUIRE(one.add_passthrough(
      R"({"domain":"paypal.com","utm_source":"own","utm_medium":"m","is_active":false})"));
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"adyen.com","utm_source":"adyen"})"));
  BOOST_REQUIRE(
      one.add_passthrough(R"({"domain":"stripe.com","utm_source":"stripe","is_active":false})"));
  const auto found = plan(one, "payment");
  BOOST_TEST(found.changed.empty());
  BOOST_TEST(found.removed.empty());
  BOOST_TEST(!adds(found, "paypal.com"));                     // there, though not active
  BOOST_TEST(!adds(found, "checkoutshopper-live.adyen.com")); // covered by adyen.com
  BOOST_TEST(adds(found, "checkout.stripe.com"));             // nothing active covers it
  const auto all = static_cast<std::int64_t>(rules_of(*find_preset("payment")).size());
  BOOST_TEST(static_cast<std::int64_t>(found.added.size()) + found.unchanged == all);
}

BOOST_AUTO_TEST_CASE(an_ordinary_import_adds_what_a_parent_covers) {
  account one;
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"adyen.com","utm_source":"adyen"})"));
  auto rows = rows_of(*find_preset("payment"));
  rows.missing_only = false;
  const auto found =
      plan_import(one.rules().passthrough_referrers(), rows, import_mode::merge, 50'000).value();
  BOOST_TEST(adds(found, "checkoutshopper-live.adyen.com"));
}

BOOST_AUTO_TEST_SUITE_END()
