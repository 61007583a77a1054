#include "domain/resolve/rule_set.hpp"
#include "tests/domain/rules/account.hpp"

#include <random>

using namespace headwater;
using namespace headwater::attribution;
using test::account;

namespace {

bool is_match(std::string_view type, std::string_view pattern, std::string_view host) {
  account one;
  const auto made =
      one.add_mapping(R"({"referrer_pattern":")" + std::string(pattern) + R"(","match_type":")" +
                      std::string(type) + R"(","utm_source":"s"})");
  BOOST_REQUIRE(made);
  return rule_set(one.rules()).match(host).rule != nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_sets)

BOOST_AUTO_TEST_CASE(each_match_type_compares_in_its_way) {
  struct example {
    std::string_view type, pattern, host;
    bool matches;
  };
  const example cases[] = {
      {"exact", "partner.com", "partner.com", true},
      {"exact", "partner.com", "www.partner.com", true},
      {"exact", "www.partner.com", "partner.com", true},
      {"exact", "www.partner.com", "www.partner.com", true},
      {"exact", "www.partner.com", "www.www.partner.com", true},
      {"exact", "partner.com", "www.www.partner.com", false},
      {"exact", "partner.com", "shop.partner.com", false},
      {"exact", "partner.com", "partner.com.evil.test", false},
      {"exact", "t.co", "t.co", true},
      {"exact", "t.co", "at.co", false},
      {"exact", "com.slack", "com.slack", true},
      {"contains", "partner", "my-partner-site.com", true},
      {"contains", "www.", "www.partner.com", true},
      {"contains", "wpartner", "www.partner.com", false},
      {"contains", "partner.", "partners.com", false},
      {"starts_with", "partner", "partner-site.com", true},
      {"starts_with", "partner", "www.partner-site.com", true},
      {"starts_with", "www.p", "www.partner-site.com", true},
      {"starts_with", "www.p", "partner-site.com", false},
      {"starts_with", "partner", "my-partner.com", false},
      {"ends_with", ".de", "www.partner.de", true},
      {"ends_with", "partner.de", "www.partner.de", true},
      {"ends_with", "partner.de", "mypartner.de", true},
      {"ends_with", "partner.de", "partner.de.com", false},
      {"regex", "^partner\\\\.(com|de)$", "partner.de", true},
      {"regex", "^partner\\\\.(com|de)$", "www.partner.de", true},
      {"regex", "^www\\\\.partner", "www.partner.de", true},
      {"regex", "^PARTNER", "partner.de", true},
      {"regex", "^artner", "partner.de", false},
      {"regex", "tner", "partner.de", true},
  };
  for (const auto& each : cases)
    BOOST_TEST(is_match(each.type, each.pattern, each.host) == each.matches,
               each.type << " " << each.pattern << " on " << each.host);
}

BOOST_AUTO_TEST_CASE(the_longest_active_domain_at_a_label_boundary_wins) {
  account one;
  for (std::string_view domain : {"mirai.com", "booking.mirai.com", "a.booking.mirai.com", "co.uk"})
    BOOST_REQUIRE(
        one.add_passthrough(R"({"domain":")" + std::string(domain) + R"(","utm_source":"s"})"));
  BOOST_REQUIRE(one.patch_passthrough(3, R"({"is_active":false})"));
  const rule_set compiled(one.rules());
  const auto* set = &compiled;
  const auto found = [&](std::string_view host) {
    const auto* rule = set->passthrough(host);
    return rule ? rule->id : 0;
  };
  BOOST_TEST(found("mirai.com") == 1);
  BOOST_TEST(found("www.mirai.com") == 1);
  BOOST_TEST(found("x.y.booking.mirai.com") == 2);
  BOOST_TEST(found("a.booking.mirai.com") == 2); // the longer one is inactive
  BOOST_TEST(found("notmirai.com") == 0);
  BOOST_TEST(found("mirai.com.evil.test") == 0);
  BOOST_TEST(found("com") == 0);
  BOOST_TEST(found("") == 0);
  BOOST_TEST(found("shop.co.uk") == 4);
}

BOOST_AUTO_TEST_CASE(the_first_in_order_wins_and_costly_regexes_are_named) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"example","match_type":"contains",
      "utm_source":"low"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bc]$","match_type":"regex",
      "utm_source":"costly","priority":9})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"high",
      "priority":5})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":".example","match_type":"ends_with",
      "utm_source":"off","priority":8,"is_active":false})"));
  const rule_set compiled(one.rules());
  const auto* set = &compiled;
  BOOST_TEST(set->match("a.example").rule->id == 3);
  BOOST_TEST(set->match("b.example").rule->id == 1);
  BOOST_TEST(!set->match("elsewhere.test").rule);
  const auto costly = set->match(std::string(60, 'a') + ".ab.example");
  BOOST_TEST(costly.rule->id == 1);
  BOOST_REQUIRE(costly.limit_hits.size() == 1U);
  BOOST_TEST(costly.limit_hits[0]->id == 2);
  BOOST_TEST(costly.limit_hits[0]->compiled.regex->limit_hits() == 0U); // a visit's, not a look's
}

BOOST_AUTO_TEST_CASE(hostile_regexes_share_one_budget_of_a_visit) {
  account one;
  for (int i = 0; i < 200; ++i)
    BOOST_REQUIRE(
        one.add_mapping(R"({"referrer_pattern":"^(a+)+[^b]{)" + std::to_string(i + 1) +
                        R"(}c$","match_type":"regex","utm_source":"costly","priority":9})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"example","match_type":"contains",
      "utm_source":"low"})"));
  const rule_set set(one.rules());
  const auto found = set.match(std::string(230, 'a') + "b.c.example");
  BOOST_REQUIRE(found.rule);
  BOOST_TEST(found.rule->id == 201);
  // The budget was used up long before the last of them was run, and only those that ran count.
  BOOST_TEST(found.limit_hits.size() > 0U);
  BOOST_TEST(found.limit_hits.size() < 100U);
  // The next visit has a budget of its own. Compiling the regexes that were not reached is paid
  // from it, too, so on a slow machine it takes a few visits until all are there.
  constexpr int visits = 100;
  for (int i = 0; i < visits && !set.match("cheap.example").limit_hits.empty(); ++i)
    continue;
  BOOST_TEST(set.match("cheap.example").limit_hits.empty());
}

BOOST_AUTO_TEST_CASE(more_regexes_than_a_visit_may_run_are_cut_in_order) {
  account one;
  const auto many = max_regexes_run + 1'000;
  // None demands a literal, so all of them could match any host.
  for (std::size_t i = 1; i <= many; ++i)
    BOOST_REQUIRE(one.add_mapping(
        R"re({"referrer_pattern":"^[a-w.-]{5}[^q]+[0-9]$(?#)re" + std::to_string(i) +
        R"re()","match_type":"regex","utm_source":"never","priority":9})re"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"partner","match_type":"contains",
      "utm_source":"plain"})"));
  const auto plain = static_cast<std::int64_t>(many) + 1;
  const rule_set compiled(one.rules());
  const rule_set changed(compiled_rules::none(), one.rules());
  for (const auto* set : {&compiled, &changed}) {
    const auto began = std::clock();
    const auto found = set->match("some-partner.example");
    const auto seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    BOOST_REQUIRE(found.rule);
    BOOST_TEST(found.rule->id == plain);
    BOOST_REQUIRE_EQUAL(found.limit_hits.size(), 1U);
    // Compiling the regexes may use up the visit's time before their number does.
    BOOST_TEST(found.limit_hits.front()->id <= static_cast<std::int64_t>(max_regexes_run) + 1);
    BOOST_TEST(seconds < 0.3);
  }
}

/// Runs over property classes make a call of the matcher cost many times what it usually does, so
/// that counting calls alone let such rules hold a thread for seconds.
BOOST_AUTO_TEST_CASE(regexes_whose_single_steps_are_costly_are_bounded_by_time) {
  account one;
  for (int i = 0; i < 90; ++i)
    BOOST_REQUIRE(one.add_mapping(
        R"({"referrer_pattern":"(?:.|(?=[^\\p{N}\\p{Greek}]*+[^a-z.]))*[^a-z.](?#)" +
        std::to_string(i) +
        ")\",\"match_type\":\"regex\",\"utm_source\":\"costly\",\"priority\":9}"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"aaa","match_type":"starts_with",
      "utm_source":"low"})"));
  const rule_set set(one.rules());
  const auto began = std::clock();
  const auto found = set.match(std::string(252, 'a'));
  const auto seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  BOOST_REQUIRE(found.rule);
  BOOST_TEST(found.rule->id == 91);
  BOOST_TEST(seconds < 0.3);
  const auto tried = set.candidates(std::string(252, 'a'), 200);
  BOOST_TEST((tried.at(0).outcome != match_result::not_run));
  BOOST_TEST((tried.at(89).outcome == match_result::not_run));
}

BOOST_AUTO_TEST_CASE(a_set_with_an_older_base_sees_every_change) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"kept.example","utm_source":"a"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"gone.example","utm_source":"b"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"changed.example","utm_source":"c"})"));
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"pay.example","utm_source":"p"})"));
  const auto base = std::make_shared<const compiled_rules>(one.rules());
  BOOST_TEST(rule_set(base, one.rules()).delta_size() == 0U);
  BOOST_REQUIRE(one.run(delete_referrer_mapping{2, {}}));
  BOOST_REQUIRE(one.patch_mapping(3, R"({"referrer_pattern":"other.example"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^kept","match_type":"regex",
      "utm_source":"d","priority":1})"));
  BOOST_REQUIRE(one.patch_passthrough(1, R"({"domain":"paid.example"})"));
  const rule_set set(base, one.rules());
  BOOST_TEST(set.delta_size() == 4U);
  BOOST_TEST(set.version() == 8U);
  BOOST_TEST(set.active_mappings() == 3U);
  BOOST_TEST(set.match("kept.example").rule->id == 4);
  BOOST_TEST(!set.match("gone.example").rule);
  BOOST_TEST(!set.match("changed.example").rule);
  BOOST_TEST(set.match("www.other.example").rule->id == 3);
  BOOST_TEST(!set.passthrough("pay.example"));
  BOOST_TEST(set.passthrough("x.paid.example")->id == 1);
}

BOOST_AUTO_TEST_SUITE_END()
