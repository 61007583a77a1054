#include "domain/rules/commands/chosen_change.hpp"
#include "tests/domain/rules/account.hpp"
#include "tests/domain/rules/random_commands.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::account;
using test::faults_of;

namespace {

using names = std::vector<std::string>;

chosen_rules sent_body(std::string_view json) {
  auto read = parse_chosen_rules(json);
  BOOST_REQUIRE_MESSAGE(read, json);
  return std::move(*read);
}

template <class Rule>
result<decision> change_chosen(account& of, std::string_view json, preconditions precondition = {},
                               bool strict = false) {
  auto worked_out = std::make_shared<const chosen_change<Rule>>(
      work_out(of.rules().of<Rule>(), sent_body(json), strict));
  return of.run(change_rules<Rule>{std::move(worked_out), std::move(precondition)});
}

result<decision> change_mappings(account& of, std::string_view json,
                                 preconditions precondition = {}, bool strict = false) {
  return change_chosen<referrer_mapping>(of, json, std::move(precondition), strict);
}

names refusal_of(const result<decision>& decided) {
  BOOST_REQUIRE(!decided);
  BOOST_TEST(to_string(decided.error().code) == "validation_error");
  return faults_of(decided.error());
}

preconditions version_tag(std::string value) {
  preconditions out;
  out.match.emplace().strong.push_back(std::move(value));
  return out;
}

/// Mappings a.com to e.com, ids 1 to 5.
account five() {
  account out;
  for (const char letter : std::string("abcde"))
    BOOST_REQUIRE(out.add_mapping(R"({"referrer_pattern":")" + std::string(1, letter) +
                                  R"(.com","utm_source":"s","label":"l"})"));
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chosen_change_of_rules)

BOOST_AUTO_TEST_CASE(the_same_fields_are_set_in_the_chosen_rules_and_in_no_other) {
  auto of = five();
  const auto before = of.rules();
  const auto done = change_mappings(of, R"({"ids":[4,2],"set":{"priority":90,"is_active":false}})");
  BOOST_REQUIRE(done);
  BOOST_TEST((done->imported == import_counts{import_mode::merge, 0, 2, 0, 0}));
  BOOST_TEST(of.rules().version() == 6U); // one event
  for (const auto id : {2, 4}) {
    const auto& rule = of.mapping(id);
    BOOST_TEST(rule.priority == 90);
    BOOST_TEST(!rule.is_active);
    BOOST_TEST(rule.label.value() == "l");
    BOOST_TEST(rule.revision == 6U);
    BOOST_TEST(rule.created_at < rule.updated_at);
  }
  for (const auto id : {1, 3, 5})
    BOOST_TEST((of.mapping(id) == *before.referrer_mappings().find(id)));
}

BOOST_AUTO_TEST_CASE(null_resets_what_it_does_in_a_patch_and_leaves_the_rest) {
  auto of = five();
  BOOST_REQUIRE(of.patch_mapping(1, R"({"priority":7})"));
  BOOST_REQUIRE(change_mappings(of, R"({"ids":[1],"set":{"label":null,"priority":null,
      "referrer_pattern":null,"match_type":null,"utm_source":null}})"));
  BOOST_TEST(!of.mapping(1).label);
  BOOST_TEST(of.mapping(1).priority == 7);
  BOOST_TEST(of.mapping(1).utm.source == "s");
}

BOOST_AUTO_TEST_CASE(rules_that_are_so_already_are_unchanged_and_where_all_are_there_is_no_event) {
  auto of = five();
  BOOST_REQUIRE(of.patch_mapping(3, R"({"priority":5})"));
  const auto some = change_mappings(of, R"({"ids":[1,3],"set":{"priority":5}})");
  BOOST_TEST((some.value().imported == import_counts{import_mode::merge, 0, 1, 0, 1}));
  BOOST_TEST(of.mapping(3).revision == 6U);
  for (const auto* const nothing :
       {R"({"ids":[1,3],"set":{"priority":5}})", R"({"ids":[1,2,3,4,5],"set":{}})",
        R"({"ids":[5],"set":{"referrer_pattern":" E.com"}})"}) {
    const auto none = change_mappings(of, nothing);
    BOOST_REQUIRE(none);
    BOOST_TEST(!none->event);
    BOOST_TEST(none->imported->changed == 0);
    BOOST_TEST(none->imported->unchanged > 0);
  }
  BOOST_TEST(of.rules().version() == 7U);
}

BOOST_AUTO_TEST_CASE(all_faults_come_at_once_each_with_its_place_and_nothing_is_changed) {
  auto of = five();
  const auto hash = of.rules().canonical();
  BOOST_TEST(refusal_of(change_mappings(of, R"({"ids":[1,9,1,"2",2.5,1e30],
      "set":{"priority":1001,"utm_source":"","label":5}})")) ==
                 (names{"body.set.utm_source: string_too_short", "body.set.label: string_type",
                        "body.set.priority: less_than_equal", "body.ids[2]: duplicate_entry",
                        "body.ids[3]: int_type", "body.ids[4]: int_type", "body.ids[1]: not_found",
                        "body.ids[5]: not_found"}),
             boost::test_tools::per_element());
  BOOST_TEST(refusal_of(change_mappings(of, R"({"ids":[6,1,7],"set":{"priority":1}})")) ==
                 (names{"body.ids[0]: not_found", "body.ids[2]: not_found"}),
             boost::test_tools::per_element());
  BOOST_TEST(of.rules().canonical() == hash);
}

BOOST_AUTO_TEST_CASE(a_body_of_another_shape_is_refused_and_named) {
  auto of = five();
  const auto refused = [&](std::string_view json) {
    return refusal_of(change_mappings(of, json)).front();
  };
  BOOST_TEST(refused("[]") == "body: dict_type");
  BOOST_TEST(refused("5") == "body: dict_type");
  BOOST_TEST(refused("null") == "body: dict_type");
  BOOST_TEST(refused(R"({"set":{}})") == "body.ids: missing");
  BOOST_TEST(refused(R"({"ids":null,"set":{}})") == "body.ids: list_type");
  BOOST_TEST(refused(R"({"ids":{"a":1},"set":{}})") == "body.ids: list_type");
  BOOST_TEST(refused(R"({"ids":[],"set":{}})") == "body.ids: too_short");
  BOOST_TEST(refused(R"({"ids":[[1]],"set":{}})") == "body.ids[0]: int_type");
  BOOST_TEST(refused(R"({"ids":[1]})") == "body.set: missing");
  for (const auto* const set : {"null", "5", "[]", R"([{"priority":1}])", R"("x")"})
    BOOST_TEST(refused(R"({"ids":[1],"set":)" + std::string(set) + "}") == "body.set: dict_type");
  BOOST_TEST(refused(R"({"ids":[1],"ids":[2],"set":{}})") == "body.ids: value_error");
  BOOST_TEST(refused(R"({"ids":[1],"set":{},"set":{"priority":1}})") == "body.set: value_error");
  BOOST_TEST(refused(R"({"ids":[1],"set":{"priority":1,"priority":2}})") ==
             "body.set.priority: value_error");
  BOOST_TEST(refused(R"({"ids":[1],"set":{"priority":1e999}})") ==
             "body.set.priority: value_error");
  BOOST_TEST(refused(R"({"ids":[1],"set":{"priority":[1,{"a":[]}]}})") ==
             "body.set.priority: int_type");
  BOOST_TEST(!parse_chosen_rules("{").has_value());
}

BOOST_AUTO_TEST_CASE(a_thousand_rules_may_be_chosen_and_not_one_more) {
  account of;
  for (int i = 0; i < 1000; ++i)
    BOOST_REQUIRE(
        of.add_passthrough(R"({"domain":"d)" + std::to_string(i) + R"(.com","utm_source":"s"})"));
  std::string ids = "1";
  for (int i = 2; i <= 1000; ++i)
    ids += "," + std::to_string(i);
  const auto body = [](const std::string& ids) {
    return R"({"ids":[)" + ids + R"(],"set":{"utm_source":"t"}})";
  };
  BOOST_TEST(change_chosen<passthrough_referrer>(of, body(ids)).value().imported->changed == 1000);
  BOOST_TEST(refusal_of(change_chosen<passthrough_referrer>(of, body(ids + ",1001"))) ==
                 names{"body.ids: too_long"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(unknown_members_are_ignored_and_named_or_refused) {
  auto of = five();
  const std::string_view body =
      R"({"ids":[1,2],"set":{"priority":3,"colour":1,"id":9,"created_at":"x"},"other":{"set":1}})";
  const auto done = change_mappings(of, body);
  BOOST_TEST(done.value().ignored_fields == (names{"other", "set.colour"}),
             boost::test_tools::per_element());
  BOOST_TEST(of.mapping(1).id == 1);
  BOOST_TEST(refusal_of(change_mappings(of, body, {}, true)) ==
                 (names{"body.other: extra_forbidden", "body.set.colour: extra_forbidden"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_text_is_set_in_one_rule_only) {
  auto of = five();
  BOOST_TEST(
      refusal_of(change_mappings(of, R"({"ids":[1,2],"set":{"referrer_pattern":"x.com"}})")) ==
          names{"body.set.referrer_pattern: value_error"},
      boost::test_tools::per_element());
  BOOST_TEST(
      refusal_of(change_mappings(of, R"({"ids":[1],"set":{"referrer_pattern":"b.com/x"}})")) ==
          names{"body.ids[0]: duplicate_entry"},
      boost::test_tools::per_element());
  BOOST_TEST(refusal_of(change_mappings(
                 of, R"({"ids":[1],"set":{"referrer_pattern":"(","match_type":"regex"}})")) ==
                 names{"body.set.referrer_pattern: value_error"},
             boost::test_tools::per_element());
  const auto longer = std::string(300, 'p');
  BOOST_REQUIRE(change_mappings(of, R"({"ids":[1],"set":{"referrer_pattern":"x.com/)" + longer +
                                        R"("}})")); // the path does not count
  BOOST_TEST(of.mapping(1).referrer_pattern == "x.com");
}

BOOST_AUTO_TEST_CASE(another_match_type_is_tried_on_each_rule) {
  account of;
  for (const auto* const pattern : {"fine", "(", "a.com"})
    BOOST_REQUIRE(of.add_mapping(R"({"referrer_pattern":")" + std::string(pattern) +
                                 R"(","match_type":"contains","utm_source":"s"})"));
  BOOST_REQUIRE(
      of.add_mapping(R"({"referrer_pattern":"A.com","match_type":"regex","utm_source":"s"})"));
  const auto regexes = change_mappings(of, R"({"ids":[1,2,3],"set":{"match_type":"regex"}})");
  BOOST_TEST(refusal_of(regexes) == names{"body.ids[1]: value_error"},
             boost::test_tools::per_element());
  BOOST_TEST(regexes.error().faults.front().message.starts_with(
      "The referrer_pattern of referrer mapping 2 would be refused: Invalid regular expression"));
  // "A.com" becomes "a.com", which rule 3 has.
  BOOST_TEST(refusal_of(change_mappings(of, R"({"ids":[1,4],"set":{"match_type":"exact"}})")) ==
                 names{"body.ids[1]: duplicate_entry"},
             boost::test_tools::per_element());
  BOOST_REQUIRE(change_mappings(of, R"({"ids":[1,3],"set":{"match_type":"regex"}})"));
  BOOST_TEST((of.mapping(1).match_type == match_type::regex));
  BOOST_TEST((of.mapping(1).compiled.regex != nullptr));
}

BOOST_AUTO_TEST_CASE(two_rules_that_would_get_the_same_text_are_named) {
  account of;
  for (const auto* const pattern : {"X.com", "x.com"})
    BOOST_REQUIRE(of.add_mapping(R"({"referrer_pattern":")" + std::string(pattern) +
                                 R"(","match_type":"regex","utm_source":"s"})"));
  BOOST_REQUIRE(
      of.add_mapping(R"({"referrer_pattern":"X.com:80","match_type":"regex","utm_source":"s"})"));
  BOOST_TEST(refusal_of(change_mappings(of, R"({"ids":[3,1],"set":{"match_type":"exact"}})")) ==
                 (names{"body.ids[0]: duplicate_entry", "body.ids[1]: duplicate_entry"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_became_of_the_texts_is_told_with_the_rules_ids) {
  account of;
  BOOST_REQUIRE(
      of.add_mapping(R"({"referrer_pattern":"a.com/path","match_type":"regex","utm_source":"s"})"));
  const auto worked_out = work_out(of.rules().referrer_mappings(),
                                   sent_body(R"({"ids":[1],"set":{"match_type":"exact"}})"), false);
  BOOST_REQUIRE(worked_out.normalised.size() == 1U);
  BOOST_TEST(worked_out.normalised[0].id == 1);
  BOOST_TEST(worked_out.normalised[0].text.stored == "a.com");
}

BOOST_AUTO_TEST_CASE(a_precondition_is_about_the_version_of_all_rules_and_comes_after_the_body) {
  auto of = five();
  const std::string_view body = R"({"ids":[1,9],"set":{"priority":1}})";
  const auto stale = change_mappings(of, body, version_tag("4"));
  BOOST_REQUIRE(!stale);
  BOOST_TEST(to_string(stale.error().code) == "precondition_failed");
  BOOST_TEST(refusal_of(change_mappings(of, body, version_tag("5"))) ==
                 names{"body.ids[1]: not_found"},
             boost::test_tools::per_element());
  BOOST_TEST(
      refusal_of(change_mappings(of, R"({"ids":[1],"set":{"priority":-1}})", version_tag("4"))) ==
          names{"body.set.priority: greater_than_equal"},
      boost::test_tools::per_element());
  BOOST_REQUIRE(change_mappings(of, R"({"ids":[1],"set":{"priority":1}})", version_tag("5")));
}

BOOST_AUTO_TEST_CASE(rules_that_changed_since_are_worked_out_anew) {
  auto of = five();
  const auto worked_out = std::make_shared<const chosen_change<referrer_mapping>>(
      work_out(of.rules().referrer_mappings(),
               sent_body(R"({"ids":[1,2,3],"set":{"match_type":"regex"}})"), false));
  BOOST_REQUIRE(of.patch_mapping(1, R"({"label":"meanwhile"})"));
  BOOST_REQUIRE(of.patch_mapping(2, R"({"referrer_pattern":"(","match_type":"contains"})"));
  BOOST_REQUIRE(of.run(delete_referrer_mapping{3, {}}));
  BOOST_TEST(refusal_of(of.run(change_rules<referrer_mapping>{worked_out, {}})) ==
                 (names{"body.ids[1]: value_error", "body.ids[2]: not_found"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE(of.patch_mapping(2, R"({"referrer_pattern":"b.com"})"));
  const auto again = std::make_shared<const chosen_change<referrer_mapping>>(
      work_out(of.rules().referrer_mappings(),
               sent_body(R"({"ids":[1,2],"set":{"match_type":"regex"}})"), false));
  BOOST_REQUIRE(of.patch_mapping(1, R"({"label":"once more"})"));
  BOOST_REQUIRE(of.run(change_rules<referrer_mapping>{again, {}}));
  BOOST_TEST(of.mapping(1).label.value() == "once more");
  BOOST_TEST((of.mapping(1).match_type == match_type::regex));
}

BOOST_AUTO_TEST_CASE(if_too_many_rules_changed_since_it_is_to_be_sent_again) {
  account of;
  std::string ids;
  for (int i = 1; i <= 101; ++i) {
    BOOST_REQUIRE(of.add_mapping(R"({"referrer_pattern":"p)" + std::to_string(i) +
                                 R"(.com","utm_source":"s"})"));
    ids += (i > 1 ? "," : "") + std::to_string(i);
  }
  const auto all = [&](const std::string& set) {
    return R"({"ids":[)" + ids + R"(],"set":)" + set + "}";
  };
  const auto worked_out = std::make_shared<const chosen_change<referrer_mapping>>(
      work_out(of.rules().referrer_mappings(), sent_body(all(R"({"match_type":"regex"})")), false));
  BOOST_REQUIRE(change_mappings(of, all(R"({"priority":1})")));
  const auto late = of.run(change_rules<referrer_mapping>{worked_out, {}});
  BOOST_REQUIRE(!late);
  BOOST_TEST(to_string(late.error().code) == "service_unavailable");
}

BOOST_AUTO_TEST_CASE(a_long_body_is_not_gone_through_once_for_each_rule) {
  // A text of a mebibyte in each of a thousand rules would be a gibibyte.
  account of;
  std::string ids;
  for (int i = 1; i <= 1000; ++i) {
    BOOST_REQUIRE(
        of.add_passthrough(R"({"domain":"d)" + std::to_string(i) + R"(.com","utm_source":"s"})"));
    ids += (i > 1 ? "," : "") + std::to_string(i);
  }
  const auto change = work_out(of.rules().passthrough_referrers(),
                               sent_body(R"({"ids":[)" + ids + R"(],"set":{"utm_source":")" +
                                         std::string(1'000'000, 'x') + R"("}})"),
                               false);
  BOOST_TEST(change.faults.size() == 1U);
  for (const auto& row : change.rows)
    BOOST_REQUIRE(row.after.utm.source.empty());
}

BOOST_AUTO_TEST_CASE(chosen_rules_are_removed_in_one_event_or_not_at_all) {
  auto of = five();
  const auto refused = of.run(delete_rules<referrer_mapping>{{4, 9, 2, 7}, {}});
  BOOST_TEST(refusal_of(refused) == (names{"query.ids: not_found", "query.ids: not_found"}),
             boost::test_tools::per_element());
  BOOST_TEST(refused.error().faults[0].message == "There is no referrer mapping 7");
  const auto stale = of.run(delete_rules<referrer_mapping>{{4, 2}, version_tag("4")});
  BOOST_REQUIRE(!stale);
  BOOST_TEST(to_string(stale.error().code) == "precondition_failed");
  BOOST_TEST(of.rules().referrer_mappings().total() == 5U);
  const auto done = of.run(delete_rules<referrer_mapping>{{4, 2}, version_tag("5")}).value();
  BOOST_TEST((done.imported == import_counts{import_mode::merge, 0, 0, 2, 0}));
  BOOST_TEST(of.rules().version() == 6U);
  for (const auto id : {2, 4})
    BOOST_TEST(!of.rules().referrer_mappings().find(id));
  BOOST_TEST(of.rules().referrer_mappings().total() == 3U);
  const auto bytes = encode(*done.event);
  BOOST_TEST(bytes.payload == R"({"added":[],"changed":[],"mode":"merge","removed":[2,4],)"
                              R"("unchanged":0})");
  BOOST_TEST((decode(bytes.type, bytes.schema, bytes.payload).value() == *done.event));
}

/// What a change of many rules gives is what a PATCH of each gives, but for the number of events.
BOOST_AUTO_TEST_CASE(a_change_of_many_equals_a_patch_of_each) {
  const auto seed = static_cast<std::uint64_t>(std::random_device{}());
  BOOST_TEST_MESSAGE("seed " << seed);
  test::command_source commands(seed);
  std::size_t changed = 0;
  for (int round = 0; round < 300; ++round) {
    account many;
    for (int i = 0; i < 12; ++i)
      static_cast<void>(many.run(commands.next()));
    account single = many;
    const auto set = commands.mapping_patch();
    chosen_rules body;
    std::vector<std::int64_t> ids;
    many.rules().referrer_mappings().each([&](const auto& rule) {
      if (commands.below(2) && (ids.empty() || !set.find("referrer_pattern")))
        ids.push_back(rule->id);
    });
    if (ids.empty())
      continue;
    for (const auto id : ids)
      body.ids.emplace_back(id);
    body.set = set;
    const auto at_once = many.run(
        change_rules<referrer_mapping>{std::make_shared<const chosen_change<referrer_mapping>>(
                                           work_out(many.rules().referrer_mappings(), body, false)),
                                       {}});
    bool each = true;
    for (const auto id : ids)
      each = single.run(update_referrer_mapping{id, set, false, {}}).has_value() && each;
    BOOST_TEST_INFO("seed " << seed << ", round " << round);
    // Texts may be handed on at once that would be in each other's way one by one.
    BOOST_REQUIRE((at_once.has_value() || !each));
    if (!each)
      continue;
    for (const auto id : ids) {
      auto expected = single.mapping(id);
      expected.updated_at = many.mapping(id).updated_at;
      expected.revision = many.mapping(id).revision;
      BOOST_REQUIRE((many.mapping(id) == expected));
    }
    BOOST_REQUIRE(
        (many.rules().referrer_mappings().total() == single.rules().referrer_mappings().total()));
    changed += static_cast<std::size_t>(at_once->imported->changed);
  }
  BOOST_TEST(changed > 50U);
}

BOOST_AUTO_TEST_SUITE_END()
