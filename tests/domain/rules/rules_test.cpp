#include "account.hpp"
#include "domain/resolve/rule_set.hpp"

#include <thread>

using namespace headwater;
using namespace headwater::attribution;
using test::account;

namespace {

referrer_mapping mapping(std::int64_t id, std::string pattern, std::int64_t priority = 0) {
  referrer_mapping rule;
  rule.id = id;
  rule.referrer_pattern = std::move(pattern);
  rule.priority = priority;
  rule.utm.source = "s";
  return rule;
}

std::vector<std::int64_t> order_of(const account_rules& rules) {
  std::vector<std::int64_t> ids;
  for (const auto& rule : rules.mappings_in_order())
    ids.push_back(rule->id);
  return ids;
}

account_rules filled(int count) {
  account_rules rules;
  for (int i = 1; i <= count; ++i)
    BOOST_REQUIRE(rules.apply(referrer_mapping_created{mapping(i, "p" + std::to_string(i))},
                              {static_cast<std::uint64_t>(i), i}));
  return rules;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rules)

BOOST_AUTO_TEST_CASE(mappings_come_by_priority_then_id) {
  account_rules rules;
  std::int64_t id = 0;
  for (std::int64_t priority : {0, 5, 1000, 5, 0}) {
    ++id;
    BOOST_REQUIRE(
        rules.apply(referrer_mapping_created{mapping(id, "p" + std::to_string(id), priority)},
                    {static_cast<std::uint64_t>(id), 0}));
  }
  BOOST_TEST(order_of(rules) == (std::vector<std::int64_t>{3, 2, 4, 1, 5}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(counts_follow_every_change) {
  account one;
  const auto counts = [&] {
    const auto& rules = one.rules().referrer_mappings();
    return std::pair(rules.total(), rules.active());
  };
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a","utm_source":"a"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b","utm_source":"b","is_active":false})"));
  BOOST_TEST((counts() == std::pair<std::size_t, std::size_t>{2, 1}));
  BOOST_REQUIRE(one.patch_mapping(2, R"({"is_active":true})"));
  BOOST_TEST((counts() == std::pair<std::size_t, std::size_t>{2, 2}));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"is_active":false})"));
  BOOST_REQUIRE(one.run(delete_referrer_mapping{1, {}}));
  BOOST_TEST((counts() == std::pair<std::size_t, std::size_t>{1, 1}));
  BOOST_REQUIRE(one.run(delete_referrer_mapping{2, {}}));
  BOOST_TEST((counts() == std::pair<std::size_t, std::size_t>{0, 0}));
}

BOOST_AUTO_TEST_CASE(a_copy_does_not_see_later_changes) {
  auto rules = filled(600);
  const auto copy = rules;
  const auto before = copy.canonical();
  auto changed = mapping(300, "elsewhere");
  BOOST_REQUIRE(rules.apply(referrer_mapping_changed{changed}, {601, 1}));
  BOOST_REQUIRE(rules.apply(referrer_mapping_deleted{1}, {602, 1}));
  BOOST_REQUIRE(rules.apply(referrer_mapping_created{mapping(601, "new")}, {603, 1}));
  BOOST_TEST(copy.canonical() == before);
  BOOST_TEST(copy.referrer_mappings().find(300)->referrer_pattern == "p300");
  BOOST_TEST(copy.referrer_mappings().find_text("p300") != nullptr);
  BOOST_TEST(copy.referrer_mappings().find_text("elsewhere") == nullptr);
  BOOST_TEST(copy.referrer_mappings().next_id() == 601);
  BOOST_TEST(rules.referrer_mappings().find_text("p300") == nullptr);
  BOOST_TEST(rules.referrer_mappings().find_text("elsewhere")->id == 300);
  BOOST_TEST(rules.referrer_mappings().find(1) == nullptr);
}

BOOST_AUTO_TEST_CASE(every_rule_is_found_by_id_and_by_text) {
  const auto rules = filled(2000);
  for (std::int64_t id = 1; id <= 2000; ++id) {
    const auto found = rules.referrer_mappings().find(id);
    BOOST_REQUIRE(found);
    BOOST_REQUIRE(rules.referrer_mappings().find_text("p" + std::to_string(id)) == found);
  }
  BOOST_TEST(rules.referrer_mappings().find(2001) == nullptr);
  BOOST_TEST(rules.referrer_mappings().find_text("p2001") == nullptr);
  BOOST_TEST(rules.referrer_mappings().all().size() == 2000U);
}

BOOST_AUTO_TEST_CASE(rules_are_gone_over_by_id_past_those_that_were_removed) {
  const account_rules none;
  BOOST_TEST((none.referrer_mappings().begin() == none.referrer_mappings().end()));
  auto rules = filled(700);
  std::vector<std::int64_t> expected;
  std::uint64_t sequence = 700;
  for (std::int64_t id = 1; id <= 700; ++id)
    if (id % 3 == 0 || (id > 100 && id < 400) || id > 690)
      BOOST_REQUIRE(rules.apply(referrer_mapping_deleted{id}, {++sequence, 1}));
    else
      expected.push_back(id);
  std::vector<std::int64_t> found;
  for (const auto& rule : rules.referrer_mappings())
    found.push_back(rule->id);
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_emptied_chunk_leaves_the_others_in_place) {
  auto rules = filled(700);
  std::uint64_t sequence = 700;
  for (std::int64_t id = 256; id < 512; ++id)
    BOOST_REQUIRE(rules.apply(referrer_mapping_deleted{id}, {++sequence, 0}));
  BOOST_TEST(rules.referrer_mappings().find(255)->id == 255);
  BOOST_TEST(rules.referrer_mappings().find(256) == nullptr);
  BOOST_TEST(rules.referrer_mappings().find(512)->id == 512);
  BOOST_TEST(rules.referrer_mappings().total() == 444U);
}

BOOST_AUTO_TEST_CASE(an_event_that_does_not_fit_is_corruption_and_changes_nothing) {
  auto rules = filled(3);
  const auto before = rules.canonical();
  passthrough_referrer foreign;
  foreign.id = 1;
  const std::pair<rule_event, event_meta> cases[] = {
      {referrer_mapping_created{mapping(4, "x")}, {5, 0}},  // a gap
      {referrer_mapping_created{mapping(4, "x")}, {3, 0}},  // again
      {referrer_mapping_created{mapping(3, "x")}, {4, 0}},  // an id that is taken
      {referrer_mapping_created{mapping(0, "x")}, {4, 0}},  // an id that is none
      {referrer_mapping_created{mapping(4, "p1")}, {4, 0}}, // a text that is taken
      {referrer_mapping_changed{mapping(9, "x")}, {4, 0}},
      {referrer_mapping_changed{mapping(1, "p2")}, {4, 0}},
      {referrer_mapping_deleted{9}, {4, 0}},
      {passthrough_referrer_changed{foreign}, {4, 0}},
      {passthrough_referrer_deleted{1}, {4, 0}}};
  for (const auto& [event, meta] : cases) {
    const auto applied = rules.apply(event, meta);
    BOOST_TEST((!applied && applied.error().code == errc::corrupt_log));
    BOOST_TEST(rules.canonical() == before);
  }
  BOOST_TEST(rules.apply(referrer_mapping_created{mapping(4, "x")}, {4, 0}).has_value());
}

BOOST_AUTO_TEST_CASE(the_canonical_form_shows_the_whole_state) {
  account one;
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"a.com","utm_source":"a"})"));
  BOOST_TEST(one.rules().canonical() ==
             R"({"next_passthrough_referrer_id":2,"next_referrer_mapping_id":1,)"
             R"("passthrough_referrers":[{"revision":1,"rule":{"created_at":1736071200000000,)"
             R"("domain":"a.com","id":1,"is_active":true,"service_name":"",)"
             R"("updated_at":1736071200000000,"utm_campaign":"","utm_medium":"passthrough",)"
             R"("utm_source":"a","utm_term":""}}],"referrer_mappings":[],"version":1})");
}

BOOST_AUTO_TEST_CASE(two_states_differ_in_the_rules_that_changed_between_them) {
  auto rules = filled(200);
  const auto before = rules;
  BOOST_REQUIRE(rules.apply(referrer_mapping_deleted{7}, {201, 0}));
  BOOST_REQUIRE(rules.apply(referrer_mapping_changed{mapping(150, "p-new")}, {202, 0}));
  BOOST_REQUIRE(rules.apply(referrer_mapping_created{mapping(201, "p-added")}, {203, 0}));
  std::vector<std::string> seen;
  const auto note = [&](const auto& was, const auto& is) {
    seen.push_back((was ? was->referrer_pattern : "-") + " " + (is ? is->referrer_pattern : "-"));
  };
  rules.referrer_mappings().each_difference(before.referrer_mappings(), note);
  const std::vector<std::string> expected{"p7 -", "p150 p-new", "- p-added"};
  BOOST_TEST(seen == expected, boost::test_tools::per_element());
  seen.clear();
  before.referrer_mappings().each_difference(rules.referrer_mappings(), note);
  const std::vector<std::string> reversed{"- p7", "p-new p150", "p-added -"};
  BOOST_TEST(seen == reversed, boost::test_tools::per_element());
  seen.clear();
  rules.referrer_mappings().each_difference(rules.referrer_mappings(), note);
  BOOST_TEST(seen.empty());
}

BOOST_AUTO_TEST_CASE(a_regex_is_compiled_once_until_its_pattern_changes) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a+","utm_source":"a",
      "match_type":"regex"})"));
  const auto first = one.mapping(1).compiled.regex;
  BOOST_REQUIRE(first);
  BOOST_REQUIRE(one.patch_mapping(1, R"({"priority":1})"));
  BOOST_TEST(one.mapping(1).compiled.regex == first);
  BOOST_REQUIRE(one.patch_mapping(1, R"({"referrer_pattern":"b+"})"));
  BOOST_TEST(one.mapping(1).compiled.regex != first);
  BOOST_REQUIRE(one.patch_mapping(1, R"({"match_type":"contains"})"));
  BOOST_TEST(one.mapping(1).compiled.regex == nullptr);
}

BOOST_AUTO_TEST_CASE(readers_and_a_writer_share_a_state) {
  auto rules = filled(1000);
  std::vector<std::jthread> readers;
  std::vector<std::size_t> totals(4);
  for (int round = 0; round < 4; ++round) {
    auto published = std::make_shared<const account_rules>(rules);
    readers.emplace_back([published, &total = totals[static_cast<std::size_t>(round)]] {
      for (int i = 0; i < 20; ++i)
        total += published->referrer_mappings().all().size() +
                 (rule_set(*published).match("p7").rule ? 1U : 0U);
    });
    published.reset();
    for (int i = 0; i < 100; ++i) {
      const auto version = rules.version();
      BOOST_REQUIRE(rules.apply(
          referrer_mapping_changed{mapping(static_cast<std::int64_t>(version % 1000) + 1,
                                           "q" + std::to_string(version))},
          {version + 1, 0}));
    }
  }
  readers.clear();
  for (auto total : totals)
    BOOST_TEST(total >= 20U * 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
