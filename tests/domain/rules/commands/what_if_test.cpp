#include "domain/resolve/comparison.hpp"
#include "domain/resolve/input/resolve_request.hpp"
#include "domain/rules/commands/what_if.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/resolve/cascade/resolving.hpp"

#include <cstdlib>
#include <iostream>
#include <random>

using namespace headwater;
using namespace headwater::attribution;
using headwater::attribution::test::setting;

namespace {

using names = std::vector<std::string>;

rule_draft draft_of(std::string_view json) {
  auto read = parse_resolve_request(R"({"url":"u","draft":)" + std::string(json) + "}");
  BOOST_REQUIRE_MESSAGE(read && read->draft, json);
  BOOST_REQUIRE_MESSAGE(read->draft->faults.empty(), json);
  return std::move(*read->draft);
}

drafting drafted(const account_rules& base, std::string_view json, bool strict = false,
                 rule_limits limits = {}) {
  drafting out(base, draft_of(json), strict, limits);
  while (out.step()) {
  }
  return out;
}

/// "field: type" of each fault.
names faults_in(const account_rules& base, std::string_view json, bool strict = false,
                rule_limits limits = {}) {
  return test::faults_of(
      error(errc::validation_error, "", drafted(base, json, strict, limits).faults()));
}

struct drafting_fixture : test::resolving_fixture {
  /// The attribution of a visit from `referrer` with the draft.
  attribution_result with_draft(std::string_view json, std::string referrer) {
    auto out = drafted(one.rules(), json);
    BOOST_REQUIRE(out.faults().empty());
    const auto made = std::move(out).take();
    const auto found = resolve(rule_set(made.rules), platforms, lists,
                               {"https://acme.com/", std::move(referrer), {}}, false, &made.marks);
    BOOST_REQUIRE(found);
    return *found;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(what_if, drafting_fixture)

BOOST_AUTO_TEST_CASE(an_added_rule_decides_and_is_named_by_its_place) {
  const auto found = with_draft(R"({"referrer_mappings":{"add":[
      {"referrer_pattern":"a.com","utm_source":"a"},
      {"referrer_pattern":"HTTPS://B.com/x","utm_source":"b"}]}})",
                                "https://b.com/");
  BOOST_TEST(found.utm.source == "b");
  BOOST_REQUIRE(found.rule);
  BOOST_TEST((found.rule->draft == draft_place{1, true}));
}

BOOST_AUTO_TEST_CASE(a_changed_rule_keeps_its_id_and_names_its_place) {
  const auto found = with_draft(
      R"({"referrer_mappings":{"change":[{"id":1,"referrer_pattern":"z.com"},
          {"id":1,"utm_source":"new","created_at":"x"}]}})",
      "https://z.com/");
  BOOST_TEST(found.utm.source == "new");
  BOOST_TEST(
      (found.rule == rule_reference{rule_kind<referrer_mapping>::name, 1, draft_place{1, false}}));
  const auto same = with_draft(R"({"referrer_mappings":{"change":[{"id":1,"priority":100}]}})",
                               "https://partner-site.com/");
  BOOST_TEST(
      (same.rule == rule_reference{rule_kind<referrer_mapping>::name, 1})); // nothing changes
}

BOOST_AUTO_TEST_CASE(a_removed_rule_no_longer_decides) {
  BOOST_TEST(
      (with_draft(R"({"referrer_mappings":{"remove":[1]}})", "https://partner-site.com/").outcome ==
       outcome::referral));
  BOOST_TEST(
      (with_draft(R"({"passthrough_referrers":{"remove":[1]}})", "https://booking.mirai.com/")
           .outcome == outcome::referral));
}

BOOST_AUTO_TEST_CASE(removals_come_before_changes_and_these_before_additions) {
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b"})"));
  // 1 goes, 2 takes its pattern, and a new rule takes the pattern of 2.
  const auto text = R"({"referrer_mappings":{
      "add":[{"referrer_pattern":"b.com","utm_source":"new"}],
      "change":[{"id":2,"referrer_pattern":"partner-site.com"}],"remove":[1]}})";
  BOOST_TEST(with_draft(text, "https://b.com/").utm.source == "new");
  BOOST_TEST(with_draft(text, "https://partner-site.com/").rule->id == 2);
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_with_their_places) {
  BOOST_TEST(faults_in(one.rules(), R"({
      "passthrough_referrers":{"remove":[9,"x",1e30],"change":[{"utm_source":"y"},{"id":"1"},5],
                               "add":[{"domain":"a b"},[]]},
      "referrer_mappings":{"remove":[1.5,{}],"change":[{"id":8},{"id":1,"priority":1001}],
                           "add":[{},{"referrer_pattern":"(","match_type":"regex",
                                      "utm_source":"s","priority":1e400}]}})") ==
                 (names{"body.draft.passthrough_referrers.remove[1]: int_type",
                        "body.draft.referrer_mappings.remove[0]: int_type",
                        "body.draft.referrer_mappings.remove[1]: int_type",
                        "body.draft.passthrough_referrers.change[0].id: missing",
                        "body.draft.passthrough_referrers.change[1].id: int_type",
                        "body.draft.passthrough_referrers.change[2]: dict_type",
                        "body.draft.passthrough_referrers.remove[0]: not_found",
                        "body.draft.passthrough_referrers.remove[2]: not_found",
                        "body.draft.referrer_mappings.change[0].id: not_found",
                        "body.draft.referrer_mappings.change[1].priority: less_than_equal",
                        "body.draft.passthrough_referrers.add[0].domain: value_error",
                        "body.draft.passthrough_referrers.add[0].utm_source: missing",
                        "body.draft.passthrough_referrers.add[1]: dict_type",
                        "body.draft.referrer_mappings.add[0].referrer_pattern: missing",
                        "body.draft.referrer_mappings.add[0].utm_source: missing",
                        "body.draft.referrer_mappings.add[1].referrer_pattern: value_error",
                        "body.draft.referrer_mappings.add[1].priority: value_error"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(duplicates_name_the_stored_rule_or_the_drafted_one) {
  const auto out = drafted(one.rules(), R"({"referrer_mappings":{"add":[
      {"referrer_pattern":"partner-site.com","utm_source":"c"},
      {"referrer_pattern":"new.com","utm_source":"a"},
      {"referrer_pattern":"New.com","utm_source":"b"}]},
      "passthrough_referrers":{"add":[{"domain":"booking.mirai.com","utm_source":"d"}]}})");
  BOOST_REQUIRE(out.faults().size() == 3U);
  BOOST_TEST(
      (out.faults()[0] ==
       fault{location{"body", "draft", "passthrough_referrers", "add"} / std::size_t{0} / "domain",
             "A passthrough referrer with the domain 'booking.mirai.com' already exists, "
             "with id 1",
             "duplicate_entry"}));
  BOOST_TEST((out.faults()[2] == fault{location{"body", "draft", "referrer_mappings", "add"} /
                                           std::size_t{2} / "referrer_pattern",
                                       "Another rule of the draft, add[1], has the same pattern",
                                       "duplicate_entry"}));
  BOOST_TEST((out.faults()[1] ==
              fault{location{"body", "draft", "referrer_mappings", "add"} / std::size_t{0} /
                        "referrer_pattern",
                    "A referrer mapping with the pattern 'partner-site.com' already exists, with "
                    "id 1",
                    "duplicate_entry"}));
}

BOOST_AUTO_TEST_CASE(the_limit_of_rules_holds_for_a_draft) {
  constexpr auto two = R"({"referrer_mappings":{"add":[
      {"referrer_pattern":"a.com","utm_source":"a"},{"referrer_pattern":"b.com","utm_source":"b"}]}})";
  BOOST_TEST(faults_in(one.rules(), two, false, {3}).empty());
  BOOST_TEST(faults_in(one.rules(), two, false, {2}) ==
                 names{"body.draft.referrer_mappings.add[1]: max_entries_reached"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_ignored_with_their_places_or_refused) {
  constexpr auto text = R"({"referrer_mappings":{"change":[{"id":1,"colour":"red"}],
      "add":[{"referrer_pattern":"a.com","utm_source":"a","note":{"b":1}}]}})";
  BOOST_TEST(drafted(one.rules(), text).take().ignored_fields ==
                 (names{"draft.referrer_mappings.change[0].colour",
                        "draft.referrer_mappings.add[0].note"}),
             boost::test_tools::per_element());
  BOOST_TEST(faults_in(one.rules(), text, true) ==
                 (names{"body.draft.referrer_mappings.change[0].colour: extra_forbidden",
                        "body.draft.referrer_mappings.add[0].note: extra_forbidden"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(at_most_a_hundred_faults_are_told) {
  std::string text = R"({"referrer_mappings":{"remove":[)";
  for (int i = 100; i < 400; ++i)
    text += (i > 100 ? "," : "") + std::to_string(i);
  BOOST_TEST(faults_in(one.rules(), text + "]}}").size() == max_told_faults);
}

BOOST_AUTO_TEST_CASE(nothing_of_the_account_changes) {
  const auto before = one.rules().canonical();
  BOOST_TEST(drafted(one.rules(), R"({"referrer_mappings":{"remove":[1],
      "add":[{"referrer_pattern":"partner-site.com","utm_source":"x"}]},
      "passthrough_referrers":{"change":[{"id":1,"domain":"x.com"}]}})")
                 .faults()
                 .empty());
  BOOST_TEST(one.rules().canonical() == before);
}

BOOST_AUTO_TEST_CASE(drafted_settings_hold_and_the_stored_ones_stay) {
  BOOST_REQUIRE(one.patch_settings(R"({"ai_medium":"ai","currency":"EUR"})"));
  auto out = drafted(one.rules(), R"({"attribution":{"own_domains":["https://A.example/"],
      "currency":null,"x":1},"referrer_mappings":{"remove":[1]}})");
  BOOST_REQUIRE(out.faults().empty());
  const auto made = std::move(out).take();
  const rule_set set(made.rules);
  BOOST_TEST((set.settings().own_domains == names{"a.example"}));
  BOOST_TEST(set.settings().ai_medium == "ai");
  BOOST_TEST(!set.settings().currency);
  BOOST_TEST(set.active_mappings() == 0u);
  BOOST_TEST(made.ignored_fields == names{"draft.attribution.x"}, boost::test_tools::per_element());
  BOOST_TEST(one.rules().settings().currency.value() == "EUR");
}

BOOST_AUTO_TEST_CASE(faults_of_drafted_settings_have_their_places) {
  BOOST_TEST(faults_in(one.rules(), R"({"referrer_mappings":{"remove":[9]},
      "attribution":{"own_domains":["a.example","x"],"drop_spam":1,"ai_medium":1e400,"x":1,
                     "timezone":"UTC","timezone":"UTC"}})",
                       true) == (names{"body.draft.attribution.own_domains[1]: value_error",
                                       "body.draft.attribution.ai_medium: value_error",
                                       "body.draft.attribution.drop_spam: bool_type",
                                       "body.draft.attribution.timezone: value_error",
                                       "body.draft.attribution.x: extra_forbidden",
                                       "body.draft.referrer_mappings.remove[0]: not_found"}),
             boost::test_tools::per_element());
  for (const auto* json :
       {R"({"attribution":5})", R"({"attribution":[{"ai_medium":"x"}]})", R"({"attribution":"x"})"})
    BOOST_TEST(faults_in(one.rules(), json) == names{"body.draft.attribution: dict_type"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_comparison_counts_outcomes_and_rules) {
  auto out = drafted(one.rules(), R"({"referrer_mappings":{"remove":[1],
      "add":[{"referrer_pattern":"blog.example","utm_source":"blog"}]},
      "passthrough_referrers":{"change":[{"id":1,"service_name":"Mirai"}]}})");
  const auto made = std::move(out).take();
  const rule_set before(one.rules());
  const rule_set after(made.rules);
  comparison summary;
  const auto count = [&](std::string_view referrer, int times) {
    const visit of{"https://acme.com/", std::string(referrer), {}};
    for (int i = 0; i < times; ++i)
      summary.add(*resolve(before, platforms, lists, of, false),
                  *resolve(after, platforms, lists, of, false, &made.marks));
  };
  count("https://partner-site.com/", 3);
  count("https://blog.example/", 5);
  count("https://booking.mirai.com/", 2); // the same rule with another name is no change
  count("https://other.example/", 1);
  summary.add_error();
  json_writer json;
  summary.write(json);
  BOOST_TEST(json.view() ==
             R"({"visits":12,"errors":1,"changed":8,"by_outcome":[)"
             R"({"from":"referral","to":"mapping","visits":5},)"
             R"({"from":"mapping","to":"referral","visits":3}],"by_rule":[)"
             R"({"rule":{"kind":"referrer_mapping","id":null,"draft":0},"current":0,"drafted":5},)"
             R"({"rule":{"kind":"referrer_mapping","id":1},"current":3,"drafted":0},)"
             R"({"rule":{"kind":"passthrough_referrer","id":1,"draft":0},"current":2,)"
             R"("drafted":2}]})");
}

BOOST_AUTO_TEST_CASE(a_compared_visit_shows_both_sides) {
  const auto found = resolved(R"({"url":"https://acme.com/","referrer":"partner-site.com"})");
  auto other = found;
  json_writer json;
  render(json, found, other, false);
  BOOST_TEST(json.view().starts_with(R"({"current":{"outcome":"mapping")"));
  BOOST_TEST(json.view().find(R"("drafted":{"outcome":"mapping")") != std::string::npos);
  BOOST_TEST(json.view().ends_with(R"("changed":false})"));
  other.utm.term = "x";
  BOOST_TEST(differ(found, other));
  other = found;
  other.rule->id = 2;
  BOOST_TEST(differ(found, other));
  other.rule.reset();
  BOOST_TEST(differ(found, other));
}

// Properties

namespace {

/// Random accounts and drafts over few names, as commands, so that both ways take the same ones.
class draft_source {
public:
  explicit draft_source(std::uint64_t seed) : random_(seed) {}

  draft passthrough(bool whole) {
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"domain", host()});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", word()});
    if (below(3) == 0)
      body.members.push_back({"is_active", below(3) != 0});
    return body;
  }

  draft mapping(bool whole) {
    static const names types{"exact", "contains", "starts_with", "ends_with", "regex"};
    static const names patterns{"a", ".com", "shop", "^a+\\.", "www.", "(a|b)$", "b.de", "("};
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"referrer_pattern", below(2) ? host() : patterns[below(8)]});
    if (below(2))
      body.members.push_back({"match_type", types[below(5)]});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", word()});
    if (below(2))
      body.members.push_back({"priority", static_cast<std::int64_t>(below(3))});
    return body;
  }

  std::string host() {
    static const names labels{"a", "b", "www", "shop", "aa"};
    auto name = labels[below(5)];
    for (auto more = below(3); more > 0; --more)
      name += "." + labels[below(5)];
    return name + (below(2) ? ".com" : ".de");
  }

  std::int64_t id() { return static_cast<std::int64_t>(below(8)); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
  std::string word() { return "s" + std::to_string(below(5)); }

  std::mt19937_64 random_;
};

void add_ids(draft_source& from, std::vector<json_item>& to) {
  for (auto n = from.below(3); n > 0; --n)
    to.emplace_back(from.id());
}

draft with_id(draft body, std::int64_t id) {
  body.members.push_back({"id", id});
  return body;
}

draft random_settings(draft_source& from) {
  static const names words{"ai", "", "llm"};
  draft body;
  body.members.push_back({"ai_medium", words[from.below(3)]});
  if (from.below(2))
    body.members.push_back({"own_domains", json_list{{from.host()}}});
  return body;
}

rule_draft random_draft(draft_source& from) {
  rule_draft out;
  if (from.below(3) == 0)
    out.attribution = random_settings(from);
  add_ids(from, out.passthrough_referrers.remove);
  add_ids(from, out.referrer_mappings.remove);
  for (auto n = from.below(3); n > 0; --n)
    out.passthrough_referrers.change.push_back(with_id(from.passthrough(false), from.id()));
  for (auto n = from.below(3); n > 0; --n)
    out.referrer_mappings.change.push_back(with_id(from.mapping(false), from.id()));
  for (auto n = from.below(3); n > 0; --n)
    out.passthrough_referrers.add.push_back(from.passthrough(true));
  for (auto n = from.below(4); n > 0; --n)
    out.referrer_mappings.add.push_back(from.mapping(true));
  return out;
}

/// Stores the draft's changes in the account, in the documented order. False: one was refused.
bool store(test::account& in, const rule_draft& what) {
  bool good = true;
  const auto run = [&](rule_command command) { good &= in.run(command).has_value(); };
  const auto id_of = [](const draft& body) { return std::get<std::int64_t>(*body.find("id")); };
  if (what.attribution)
    run(update_settings{*what.attribution, false, {}});
  for (const auto& id : what.passthrough_referrers.remove)
    run(delete_passthrough_referrer{std::get<std::int64_t>(id), {}});
  for (const auto& id : what.referrer_mappings.remove)
    run(delete_referrer_mapping{std::get<std::int64_t>(id), {}});
  for (const auto& body : what.passthrough_referrers.change)
    run(update_passthrough_referrer{id_of(body), body, false, {}});
  for (const auto& body : what.referrer_mappings.change)
    run(update_referrer_mapping{id_of(body), body, false, {}});
  for (const auto& body : what.passthrough_referrers.add)
    run(create_passthrough_referrer{body, false});
  for (const auto& body : what.referrer_mappings.add)
    run(create_referrer_mapping{body, false});
  return good;
}

} // namespace

BOOST_AUTO_TEST_CASE(resolving_with_a_draft_equals_storing_it_and_resolving) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto drafts = setting("HEADWATER_HISTORIES", 1000);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  draft_source random(seed);
  std::uint64_t accepted = 0;
  for (std::uint64_t n = 0; n < drafts; ++n) {
    test::account account;
    for (int i = 0; i < 6; ++i) {
      static_cast<void>(account.run(create_passthrough_referrer{random.passthrough(true), false}));
      static_cast<void>(account.run(create_referrer_mapping{random.mapping(true), false}));
    }
    const auto before = account.rules().canonical();
    const auto changes = random_draft(random);
    drafting out(account.rules(), changes, false, {});
    while (out.step()) {
    }
    auto stored = account;
    const bool good = store(stored, changes);
    BOOST_REQUIRE_MESSAGE(good == out.faults().empty(), "seed " << seed << " draft " << n);
    BOOST_REQUIRE(account.rules().canonical() == before);
    if (!good)
      continue;
    ++accepted;
    const auto made = std::move(out).take();
    const rule_set drafted_set(made.rules);
    const rule_set stored_set(stored.rules());
    BOOST_REQUIRE((drafted_set.settings() == stored_set.settings()));
    for (int i = 0; i < 20; ++i) {
      const visit of{"https://site.example/", "https://" + random.host() + "/",
                     random.below(2) ? std::optional(utm_values{}) : std::nullopt};
      auto drafted = resolve(drafted_set, platforms, lists, of, false, &made.marks);
      const auto real = resolve(stored_set, platforms, lists, of, false);
      BOOST_REQUIRE((drafted && real));
      if (drafted->rule)
        drafted->rule->draft.reset(); // provisional ids are what storing gives
      json_writer left;
      json_writer right;
      render(left, *drafted, false);
      render(right, *real, false);
      BOOST_REQUIRE_MESSAGE(left.view() == right.view(), "seed " << seed << " draft " << n << "\n"
                                                                 << left.view() << "\n"
                                                                 << right.view());
    }
  }
  BOOST_TEST(accepted > drafts / 20); // the property was not held by refusals alone
}

BOOST_AUTO_TEST_SUITE_END()
