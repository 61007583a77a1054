#include "domain/rules/transfer/rule_diff.hpp"
#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::account;

namespace {

/// The account's rules as they are, for later.
std::shared_ptr<const account_rules> kept(const account& one) {
  return std::make_shared<const account_rules>(one.rules());
}

result<decision> restore(account& one, const std::shared_ptr<const account_rules>& then) {
  return one.run(restore_rules{then, {then->version(), 7}});
}

/// Without what the restoring event itself stamps, and without versions.
std::string rules_text(const account_rules& rules) {
  json_writer out;
  out.begin_array();
  const auto write = [&](auto rule) {
    rule.updated_at = 0;
    write_resource(out, rule, "acme");
  };
  rules.passthrough_referrers().each([&](const auto& rule) { write(*rule); });
  rules.referrer_mappings().each([&](const auto& rule) { write(*rule); });
  out.end_array();
  return std::move(out).str();
}

std::string difference(const account_rules& before, const account_rules& after,
                       const rule_touches& touched) {
  json_writer out;
  write_difference(out, {before.version(), 0}, {after.version(), 1'736'071'200'000'000},
                   plan_restore(before, after), touched, "acme");
  return std::move(out).str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_restores)

BOOST_AUTO_TEST_CASE(deleted_rule_comes_back_under_its_id_with_its_creation) {
  account one;
  one.add_passthrough(R"({"domain":"a.example","utm_source":"a"})").value();
  one.add_mapping(R"({"referrer_pattern":"b.example","utm_source":"b"})").value();
  const auto then = kept(one);
  const auto created = one.mapping(1).created_at;
  one.run(delete_referrer_mapping{1, {}}).value();
  one.run(delete_passthrough_referrer{1, {}}).value();
  one.add_mapping(R"({"referrer_pattern":"new.example","utm_source":"n"})").value();
  const auto decided = restore(one, then).value();
  BOOST_TEST((decided.restored == restore_counts{{import_mode::replace, 1, 0, 0, 0},
                                                 {import_mode::replace, 1, 0, 1, 0}}));
  BOOST_TEST(rules_text(one.rules()) == rules_text(*then));
  BOOST_TEST(one.mapping(1).created_at == created);
  BOOST_TEST(one.mapping(1).revision == one.rules().version());
  BOOST_TEST(one.mapping(1).updated_at > created);
  BOOST_TEST(one.rules().referrer_mappings().next_id() == 3);
  BOOST_TEST(one.add_mapping(R"({"referrer_pattern":"c.example","utm_source":"c"})").value().id ==
             3);
}

BOOST_AUTO_TEST_CASE(texts_that_went_from_rule_to_rule_go_back) {
  account one;
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1"})").value();
  one.add_mapping(R"({"referrer_pattern":"b.example","utm_source":"2"})").value();
  const auto then = kept(one);
  one.patch_mapping(1, R"({"referrer_pattern":"c.example"})").value();
  one.patch_mapping(2, R"({"referrer_pattern":"a.example"})").value();
  one.patch_mapping(1, R"({"referrer_pattern":"b.example"})").value();
  restore(one, then).value();
  BOOST_TEST(rules_text(one.rules()) == rules_text(*then));
  BOOST_TEST(one.rules().referrer_mappings().find_text("a.example")->id == 1);
}

BOOST_AUTO_TEST_CASE(what_is_as_it_was_is_not_touched_and_makes_no_event) {
  account one;
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1"})").value();
  const auto then = kept(one);
  one.patch_mapping(1, R"({"utm_source":"2"})").value();
  one.patch_mapping(1, R"({"utm_source":"1"})").value();
  const auto revision = one.mapping(1).revision;
  const auto decided = restore(one, then).value();
  BOOST_TEST(!decided.event.has_value());
  BOOST_TEST((decided.restored == restore_counts{{import_mode::replace, 0, 0, 0, 0},
                                                 {import_mode::replace, 0, 0, 0, 1}}));
  BOOST_TEST(one.mapping(1).revision == revision);
}

BOOST_AUTO_TEST_CASE(more_rules_than_todays_limit_do_not_come_back) {
  account one;
  for (const auto* domain : {"a", "b", "c"})
    one.add_passthrough(R"({"domain":")" + std::string(domain) + R"(.example","utm_source":"s"})")
        .value();
  const auto then = kept(one);
  one.run(delete_passthrough_referrer{1, {}}).value();
  one.limits().max_per_kind = 2;
  const auto decided = restore(one, then);
  BOOST_REQUIRE(!decided);
  BOOST_TEST((decided.error().code == errc::max_entries_reached));
  // Keeping as many as there are is no growth.
  one.limits().max_per_kind = 1;
  const auto fewer = kept(one);
  one.patch_passthrough(2, R"({"utm_source":"other"})").value();
  BOOST_TEST(restore(one, fewer).has_value());
}

BOOST_AUTO_TEST_CASE(event_that_does_not_fit_changes_nothing) {
  account one;
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1"})").value();
  referrer_mapping rule = one.mapping(1);
  auto rules = one.rules();
  const auto before = rules.canonical();
  const auto refused = [&](rules_restored event) {
    const auto applied = rules.apply(event, {rules.version() + 1, 1});
    return !applied && applied.error().code == errc::corrupt_log && rules.canonical() == before;
  };
  rules_restored event;
  event.referrer_mappings.added = {rule};
  BOOST_TEST(refused(event)); // it is there
  event.referrer_mappings.removed = {1};
  event.referrer_mappings.added.front().id = 2;
  BOOST_TEST(refused(event)); // an id that was never used
  event.referrer_mappings = {{}, {}, {7}};
  BOOST_TEST(refused(event));
  rule.id = 7;
  event.referrer_mappings = {{}, {rule}, {}};
  BOOST_TEST(refused(event));
  rule.id = 0;
  event.referrer_mappings = {{rule}, {}, {1}};
  BOOST_TEST(refused(event));
}

BOOST_AUTO_TEST_CASE(difference_names_fields_and_who_touched_each_rule_last) {
  account one;
  rule_touches touched;
  std::string by = "1";
  std::optional<std::string> name;
  const auto run = [&](const rule_command& command) {
    const auto decided = one.run(command).value();
    const auto version = one.rules().version();
    touched.add(decided.event.value(), {version, static_cast<micros>(version)}, by, name);
  };
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1","label":"x"})").value();
  one.add_mapping(R"({"referrer_pattern":"b.example","utm_source":"2"})").value();
  one.add_mapping(R"({"referrer_pattern":"same.example","utm_source":"2"})").value();
  const auto before = one.rules();
  run(update_referrer_mapping{1, test::body(R"({"label":null,"priority":3})"), false, {}});
  run(update_referrer_mapping{3, test::body(R"({"priority":3})"), false, {}});
  run(update_referrer_mapping{3, test::body(R"({"priority":0})"), false, {}});
  by = "2";
  name = "two";
  run(update_referrer_mapping{1, test::body(R"({"priority":4})"), false, {}});
  run(delete_referrer_mapping{2, {}});
  run(create_passthrough_referrer{test::body(R"({"domain":"p.example","utm_source":"p"})"), false});
  const auto text = difference(before, one.rules(), touched);
  const auto has = [&](std::string_view piece) { return text.find(piece) != text.npos; };
  BOOST_TEST(
      text.starts_with(
          R"({"from":{"version":3,"time":"1970-01-01T00:00:00.000000Z"},"to":{"version":9,)"),
      text);
  BOOST_TEST(has(R"("changed":[{"id":1,"referrer_pattern":"a.example","changes":)"
                 R"({"label":{"from":"x","to":null},"priority":{"from":0,"to":4}},"by":"2",)"
                 R"("by_name":"two","at":"1970-01-01T00:00:00.000007Z","version":7}])"),
             text);
  BOOST_TEST(has(R"("removed":[{"id":2,)"), text);
  BOOST_TEST(has(R"("by":"2","by_name":"two","at":"1970-01-01T00:00:00.000008Z","version":8}])"),
             text);
  BOOST_TEST(has(R"("added":[{"id":1,"account_id":"acme","domain":"p.example")"), text);
  BOOST_TEST(!has("same.example"), text);
  BOOST_TEST(difference(before, before, touched) ==
             R"({"from":{"version":3,"time":"1970-01-01T00:00:00.000000Z"},"to":{"version":3,)"
             R"("time":"2025-01-05T10:00:00.000000Z"},"passthrough_referrers":{"added":[],)"
             R"("removed":[],"changed":[]},"referrer_mappings":{"added":[],"removed":[],)"
             R"("changed":[]},"attribution":{"changes":{}}})");
}

BOOST_AUTO_TEST_CASE(settings_go_back_with_the_rules) {
  account one;
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1"})").value();
  one.patch_settings(R"({"own_domains":["a.example"],"currency":"EUR"})").value();
  const auto then = kept(one);
  one.patch_settings(R"({"own_domains":[],"currency":null,"ai_medium":"ai"})").value();
  const auto decided = restore(one, then).value();
  BOOST_TEST((decided.restored == restore_counts{{import_mode::replace, 0, 0, 0, 0},
                                                 {import_mode::replace, 0, 0, 0, 1},
                                                 true}));
  BOOST_TEST((one.rules().settings() == then->settings()));
  BOOST_TEST(one.rules().settings_revision() == one.rules().version());
  BOOST_TEST(encode(*decided.event).schema == 2);
  // As they were: they are not touched again.
  one.add_mapping(R"({"referrer_pattern":"b.example","utm_source":"1"})").value();
  const auto revision = one.rules().settings_revision();
  const auto again = restore(one, then).value();
  BOOST_TEST(!again.restored->attribution);
  BOOST_TEST(encode(*again.event).schema == 1);
  BOOST_TEST(one.rules().settings_revision() == revision);
}

BOOST_AUTO_TEST_CASE(a_restore_that_does_not_fit_leaves_the_settings) {
  account one;
  auto rules = one.rules();
  rules_restored event;
  event.attribution.emplace().ai_medium = "ai";
  event.referrer_mappings.removed = {7};
  BOOST_TEST(!rules.apply(event, {1, 1}));
  BOOST_TEST((rules.settings() == attribution_settings{}));
}

BOOST_AUTO_TEST_CASE(difference_of_settings_names_fields_and_who_touched_them_last) {
  account one;
  rule_touches touched;
  const auto run = [&](std::string_view json, const std::string& by) {
    const auto decided = one.patch_settings(json).value();
    const auto version = one.rules().version();
    touched.add(decided.event.value(), {version, static_cast<micros>(version)}, by, "token " + by);
  };
  const auto before = one.rules();
  run(R"({"own_domains":["a.example"],"drop_spam":false})", "1");
  run(R"({"campaign_parameters":["utm","ref"],"drop_spam":true,"currency":"EUR"})", "2");
  const auto text = difference(before, one.rules(), touched);
  BOOST_TEST(
      text.ends_with(R"("attribution":{"changes":{"own_domains":{"from":[],"to":["a.example"]},)"
                     R"("campaign_parameters":{"from":["utm"],"to":["utm","ref"]},)"
                     R"("currency":{"from":null,"to":"EUR"}},"by":"2",)"
                     R"("by_name":"token 2","at":"1970-01-01T00:00:00.000002Z","version":2}})"),
      text);
  run(R"({"own_domains":[],"campaign_parameters":["utm"],"currency":null})", "3");
  BOOST_TEST(
      difference(before, one.rules(), touched).ends_with(R"("attribution":{"changes":{}}})"));
}

BOOST_AUTO_TEST_SUITE_END()
