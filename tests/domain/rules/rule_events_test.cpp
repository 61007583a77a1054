#include "domain/rules/imported_payload.hpp"
#include "domain/rules/restored_payload.hpp"
#include "domain/rules/rule_events.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using namespace headwater;
using namespace headwater::attribution;

namespace {

/// In the order of rule_event.
constexpr std::string_view types[] = {"passthrough_referrer_created",
                                      "passthrough_referrer_changed",
                                      "passthrough_referrer_deleted",
                                      "referrer_mapping_created",
                                      "referrer_mapping_changed",
                                      "referrer_mapping_deleted",
                                      "passthrough_referrers_imported",
                                      "referrer_mappings_imported",
                                      "rules_restored",
                                      "attribution_settings_changed"};

std::string golden(std::string_view type, int schema = 1) {
  const auto path = std::string(HEADWATER_SOURCE_DIR) + "/tests/golden/attribution/" +
                    std::string(type) + "." + std::to_string(schema) + ".json";
  std::ifstream in(path, std::ios::binary);
  BOOST_REQUIRE_MESSAGE(in, path);
  std::string text(std::istreambuf_iterator<char>(in), {});
  BOOST_REQUIRE(text.ends_with('\n'));
  text.pop_back();
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_events)

BOOST_AUTO_TEST_CASE(every_golden_event_is_read_and_written_back_byte_for_byte) {
  std::size_t index = 0;
  for (auto type : types) {
    const auto bytes = golden(type);
    const auto event = decode(type, 1, bytes);
    BOOST_REQUIRE_MESSAGE(event, type << ": " << (event ? "" : event.error().message));
    BOOST_TEST(event->index() == index++);
    BOOST_TEST((encode(*event) == encoded_event{std::string(type), 1, bytes}), type);
  }
  const auto restored = golden("rules_restored", 2);
  const auto event = decode("rules_restored", 2, restored);
  BOOST_REQUIRE_MESSAGE(event, (event ? "" : event.error().message));
  BOOST_TEST((encode(*event) == encoded_event{"rules_restored", 2, restored}));
}

BOOST_AUTO_TEST_CASE(a_golden_mapping_has_the_values_it_had) {
  const auto event = decode("referrer_mapping_changed", 1, golden("referrer_mapping_changed"));
  const auto& rule = std::get<referrer_mapping_changed>(event.value()).rule;
  BOOST_TEST(rule.id == 7);
  BOOST_TEST(rule.referrer_pattern == "^(a|b)\\.example$");
  BOOST_TEST((rule.match_type == match_type::regex));
  BOOST_TEST((rule.utm == utm_values{"partner-site", "referral", "", "", ""}));
  BOOST_TEST(!rule.label.has_value());
  BOOST_TEST(rule.description.value() == "one\r\n\ttwo");
  BOOST_TEST((rule.priority == 0 && !rule.is_active));
  BOOST_TEST((rule.created_at == 0 && rule.revision == 0));
}

BOOST_AUTO_TEST_CASE(what_no_schema_describes_is_corruption) {
  const std::pair<std::string_view, int> unknown[] = {{"referrer_mapping_created", 0},
                                                      {"referrer_mapping_created", 2},
                                                      {"referrer_mapping_renamed", 1},
                                                      {"", 1}};
  for (const auto& [type, schema] : unknown) {
    const auto event = decode(type, schema, golden("referrer_mapping_created"));
    BOOST_TEST((!event && event.error().code == errc::corrupt_log), type << schema);
  }
  for (std::string_view payload : {"", "{}", "[]", R"({"id":"4"})", R"({"id":4,"x":1})",
                                   R"({"id":4.5})", R"({"id":null})", R"({"id":4)"}) {
    const auto event = decode("referrer_mapping_deleted", 1, payload);
    BOOST_TEST((!event && event.error().code == errc::corrupt_log), payload);
  }
}

// What is written in the order of the schema is read member by member; anything else takes the way
// of any JSON text, with the same result.
BOOST_AUTO_TEST_CASE(the_quick_way_and_the_general_one_read_the_same) {
  referrer_mapping rule;
  rule.id = 4;
  rule.referrer_pattern = "a\"b\\.example";
  rule.match_type = match_type::regex;
  rule.label = "line";
  rule.utm.campaign = "two\nlines\tand\x01";
  for (std::string_view term : {"", "ascii", "\xC3\xBC", "\xF0\x9F\x98\x80 \\u0041"}) {
    rule.utm.term = term;
    const auto bytes = encode(referrer_mapping_created{rule});
    const auto spaced = "{ " + bytes.payload.substr(1);
    for (const auto& payload : {bytes.payload, spaced}) {
      const auto event = decode(bytes.type, 1, payload);
      BOOST_REQUIRE(event);
      BOOST_TEST((*event == rule_event(referrer_mapping_created{rule})), payload);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_change_of_a_golden_payload_is_corruption_or_another_value) {
  const auto good = golden("referrer_mapping_changed");
  const auto original = decode("referrer_mapping_changed", 1, good);
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const char byte : {'"', '\\', '0', 'x', '{', '}', ',', '\0', '\x80'}) {
      auto bytes = good;
      if (bytes[at] == byte)
        continue;
      bytes[at] = byte;
      const auto event = decode("referrer_mapping_changed", 1, bytes);
      BOOST_TEST((!event || *event != *original), at << ": " << bytes);
      BOOST_TEST((event || event.error().code == errc::corrupt_log));
    }
  for (std::size_t size = 0; size < good.size(); ++size)
    BOOST_TEST(decode("referrer_mapping_changed", 1, good.substr(0, size)).has_error());
  BOOST_TEST(decode("referrer_mapping_changed", 1, good + " x").has_error());
}

BOOST_AUTO_TEST_CASE(a_golden_import_has_the_rules_it_had) {
  const auto bytes = golden("referrer_mappings_imported");
  const auto event = decode("referrer_mappings_imported", 1, bytes);
  const auto& import = std::get<referrer_mappings_imported>(event.value());
  BOOST_TEST((import.mode == import_mode::replace && import.unchanged == 0));
  BOOST_TEST(import.added.empty());
  BOOST_REQUIRE(import.changed.size() == 2U);
  BOOST_TEST(import.changed[0].label.value() == "");
  BOOST_TEST(import.changed[0].description.value() == "one\r\n\ttwo");
  BOOST_TEST((import.changed[1].match_type == match_type::regex));
  BOOST_TEST(import.changed[1].label.value() == "=1+1");
  BOOST_TEST((import.removed == std::vector<std::int64_t>{1, 2, 30}));
  BOOST_TEST(
      (counts_of_imported(bytes).value() == import_counts{import_mode::replace, 0, 2, 3, 0}));
}

BOOST_AUTO_TEST_CASE(an_import_that_is_not_whole_is_corruption) {
  for (std::string_view payload :
       {"", "{}", "[]", R"({"added":[],"changed":[],"mode":"merge","removed":[]})",
        R"({"added":[],"changed":[],"mode":"mix","removed":[],"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","removed":["1"],"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","removed":[[1]],"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","removed":1,"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","removed":[9007199254740992],"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","removed":[],"unchanged":9007199254740992})",
        R"({"added":[],"added":[],"mode":"merge","removed":[],"unchanged":0})",
        R"({"added":[],"changed":[],"mode":"merge","more":[],"removed":[],"unchanged":0})",
        R"({"added":[{"id":1}],"changed":[],"mode":"merge","removed":[],"unchanged":0})",
        R"({"added":[7],"changed":[],"mode":"merge","removed":[],"unchanged":0})",
        R"({"added":{},"changed":[],"mode":"merge","removed":[],"unchanged":0})"}) {
    const auto event = decode("referrer_mappings_imported", 1, payload);
    BOOST_TEST((!event && event.error().code == errc::corrupt_log), payload);
  }
}

BOOST_AUTO_TEST_CASE(a_golden_restore_has_the_rules_it_had) {
  const auto bytes = golden("rules_restored");
  const auto event = decode("rules_restored", 1, bytes);
  const auto& restore = std::get<rules_restored>(event.value());
  BOOST_TEST((restore.as_of == rules_point{12, 1'736'071'200'000'001}));
  BOOST_REQUIRE(restore.passthrough_referrers.added.size() == 1U);
  BOOST_TEST(restore.passthrough_referrers.added[0].created_at == 1'736'071'199'000'007);
  BOOST_TEST(restore.passthrough_referrers.added[0].updated_at == 0);
  BOOST_TEST(restore.passthrough_referrers.unchanged == 40'000);
  BOOST_REQUIRE(restore.referrer_mappings.changed.size() == 1U);
  BOOST_TEST(restore.referrer_mappings.changed[0].label.value() == "");
  BOOST_TEST((restore.referrer_mappings.removed == std::vector<std::int64_t>{9, 10}));
  const auto counted = counts_of_restored(bytes, 1).value();
  BOOST_TEST((counted.as_of == restore.as_of));
  BOOST_TEST((counted.counts == restore_counts{{import_mode::replace, 1, 0, 0, 40'000},
                                               {import_mode::replace, 0, 1, 2, 0}}));
}

BOOST_AUTO_TEST_CASE(golden_settings_have_the_values_they_had) {
  const auto event =
      decode("attribution_settings_changed", 1, golden("attribution_settings_changed"));
  attribution_settings expected;
  expected.own_domains = {"acme-careers.example", "xn--mnchen-3ya.example"};
  expected.return_paths = {"/", "/checkout", "/k%C3%BCche/danke"};
  expected.campaign_parameters = {campaign_family::utm, campaign_family::mtm,
                                  campaign_family::utm_id};
  expected.ai_medium = "ai \"answers\"";
  expected.drop_spam = false;
  expected.classification = classification::basic;
  expected.timezone = "America/Argentina/Buenos_Aires";
  expected.currency = "EUR";
  BOOST_TEST((std::get<attribution_settings_changed>(event.value()).settings == expected));
}

BOOST_AUTO_TEST_CASE(settings_that_are_not_whole_are_corruption) {
  const auto good = golden("attribution_settings_changed");
  const auto with = [&](std::string_view piece, std::string_view instead) {
    auto text = good;
    const auto at = text.find(piece);
    BOOST_REQUIRE_MESSAGE(at != text.npos, piece);
    return text.replace(at, piece.size(), instead);
  };
  for (const auto& payload :
       {std::string(), std::string("{}"), with(R"("currency":"EUR",)", ""),
        with(R"("currency")", R"("sites":[],"currency")"), with(R"("utm")", R"("utn")"),
        with(R"(["utm","mtm","utm_id"])", R"("utm")"), with(R"("basic")", "null"),
        with("false", "0"), with(R"(["/",)", R"([1,)")}) {
    const auto event = decode("attribution_settings_changed", 1, payload);
    BOOST_TEST((!event && event.error().code == errc::corrupt_log), payload);
  }
}

BOOST_AUTO_TEST_CASE(a_restore_of_schema_2_has_the_settings_that_it_puts_back) {
  const auto bytes = golden("rules_restored", 2);
  const auto event = decode("rules_restored", 2, bytes);
  attribution_settings expected;
  expected.return_paths = {"/checkout"};
  const auto& restore = std::get<rules_restored>(event.value());
  BOOST_TEST((restore.attribution == expected));
  BOOST_TEST(restore.passthrough_referrers.unchanged == 40'000);
  BOOST_TEST(counts_of_restored(bytes, 2).value().counts.attribution);
  // Each schema has its own members.
  BOOST_TEST(decode("rules_restored", 1, bytes).has_error());
  BOOST_TEST(decode("rules_restored", 2, golden("rules_restored")).has_error());
  BOOST_TEST(counts_of_restored(golden("rules_restored"), 2).has_error());
  for (const auto& [piece, instead] :
       {std::pair{R"("drop_spam":true,)", ""},
        {R"(["/checkout"])", R"("/checkout")"},
        {R"(["/checkout"])", R"([["/checkout"]])"},
        {R"(["/checkout"])", R"([7])"},
        {R"("currency":null)", R"("currency":{"a":1})"},
        {R"("currency":null)", R"("currency":[])"},
        {R"("currency":null)", R"("currency":null,"more":1)"},
        {R"("drop_spam":true)", R"("drop_spam":true,"drop_spam":true)"}}) {
    auto text = bytes;
    const auto at = text.find(piece);
    BOOST_REQUIRE_MESSAGE(at != text.npos, piece);
    text.replace(at, std::string_view(piece).size(), instead);
    const auto damaged = decode("rules_restored", 2, text);
    BOOST_TEST((!damaged && damaged.error().code == errc::corrupt_log), text);
    BOOST_TEST(counts_of_restored(text, 2).has_error());
  }
}

BOOST_AUTO_TEST_CASE(a_restore_that_is_not_whole_is_corruption) {
  const auto bytes = golden("rules_restored");
  const auto without = [&](std::string_view piece, std::string_view instead = "") {
    auto text = bytes;
    const auto at = text.find(piece);
    BOOST_REQUIRE_MESSAGE(at != text.npos, piece);
    return text.replace(at, piece.size(), instead);
  };
  for (const auto& payload :
       {std::string(), std::string("{}"),
        without(R"("as_of":{"time":1736071200000001,"version":12},)"),
        without(R"("time":1736071200000001,)"), without(R"(,"unchanged":40000)"),
        without(R"("removed":[9,10],)"), without("[9,10]", "[9,[10]]"), without("[9,10]", "9"),
        without("[9,10]", R"(["9"])"), without(R"("created_at":1736071199000007,)"),
        without(R"("version":12)", R"("version":12,"version":12)"),
        without(R"("version":12)", R"("version":"12")"), without(R"("version":12)", R"("more":12)"),
        without(R"("version":12)", R"("version":12,"time":1)"),
        // No number that canonical JSON has (RFC 8785, section 3.2.2.3).
        without("1736071200000001", "9007199254740992"),
        without("1736071200000001", "-9007199254740992"),
        without(R"("version":12)", R"("version":9007199254740992)"),
        without(R"("unchanged":40000)", R"("unchanged":9007199254740992)")}) {
    const auto event = decode("rules_restored", 1, payload);
    BOOST_TEST((!event && event.error().code == errc::corrupt_log), payload);
  }
}

BOOST_AUTO_TEST_CASE(limits_of_today_do_not_make_an_old_event_unreadable) {
  passthrough_referrer rule;
  rule.id = 1;
  rule.domain = std::string(1000, 'x');
  const auto bytes = encode(passthrough_referrer_created{rule});
  const auto event = decode(bytes.type, bytes.schema, bytes.payload);
  BOOST_REQUIRE(event);
  BOOST_TEST((*event == rule_event(passthrough_referrer_created{rule})));
}

BOOST_AUTO_TEST_SUITE_END()
