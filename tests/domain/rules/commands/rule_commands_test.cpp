#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::account;
using test::body;
using test::faults_of;

namespace {

using names = std::vector<std::string>;

constexpr std::string_view mirai = R"({"domain":"booking.mirai.com","utm_source":"mirai",
    "service_name":"Mirai Booking Engine"})";
constexpr std::string_view partner = R"({"referrer_pattern":"partner-site.com",
    "utm_source":"partner-site","label":"Partner Site Traffic","priority":100})";

template <class Rule>
std::string shown(const Rule& rule) {
  json_writer out;
  write_resource(out, rule, "acme");
  return std::move(out).str();
}

errc code_of(const result<decision>& decided) {
  BOOST_REQUIRE(!decided);
  return decided.error().code;
}

preconditions tag(std::string value) {
  preconditions out;
  out.match.emplace().strong.push_back(std::move(value));
  return out;
}

preconditions any_tag() {
  preconditions out;
  out.match.emplace().any = true;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_commands)

BOOST_AUTO_TEST_CASE(a_created_passthrough_referrer_has_the_documents_defaults) {
  account one;
  const auto made = one.add_passthrough(mirai);
  BOOST_REQUIRE(made);
  BOOST_TEST(made->id == 1);
  BOOST_TEST(shown(one.passthrough(1)) ==
             R"({"id":1,"account_id":"acme","domain":"booking.mirai.com","utm_source":"mirai",)"
             R"("utm_medium":"passthrough","utm_campaign":"","utm_term":"",)"
             R"("service_name":"Mirai Booking Engine","is_active":true,)"
             R"("created_at":"2025-01-05T10:00:00Z","updated_at":"2025-01-05T10:00:00Z"})");
}

BOOST_AUTO_TEST_CASE(a_created_mapping_has_the_documents_defaults) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  BOOST_TEST(shown(one.mapping(1)) ==
             R"({"id":1,"account_id":"acme","referrer_pattern":"partner-site.com",)"
             R"("match_type":"exact","utm_source":"partner-site","utm_medium":"referral",)"
             R"("utm_campaign":"","utm_term":"","utm_content":"","label":"Partner Site Traffic",)"
             R"("description":null,"priority":100,"is_active":true,)"
             R"("created_at":"2025-01-05T10:00:00Z","updated_at":"2025-01-05T10:00:00Z"})");
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b"})"));
  BOOST_TEST(!one.mapping(2).label.has_value());
  BOOST_TEST(one.mapping(2).priority == 0);
}

BOOST_AUTO_TEST_CASE(all_faults_of_a_create_come_at_once) {
  account one;
  const auto made = one.add_mapping(R"({"match_type":"fuzzy","utm_medium":5,"priority":1001,
      "is_active":"yes","label":""})");
  BOOST_REQUIRE(!made);
  BOOST_TEST(faults_of(made.error()) ==
                 (names{"body.referrer_pattern: missing", "body.match_type: enum",
                        "body.utm_source: missing", "body.utm_medium: string_type",
                        "body.priority: less_than_equal", "body.is_active: bool_type"}),
             boost::test_tools::per_element());
  const auto other = one.add_passthrough(R"({"domain":"nowhere","service_name":"a\nb"})");
  BOOST_TEST(faults_of(other.error()) ==
                 (names{"body.domain: value_error", "body.utm_source: missing",
                        "body.service_name: value_error"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_limit_of_the_documents_holds_at_its_edge) {
  struct limit {
    std::string_view field;
    std::size_t max;
  };
  for (const auto& [field, max] :
       {limit{"utm_source", 255}, limit{"utm_medium", 100}, limit{"utm_campaign", 255},
        limit{"utm_term", 255}, limit{"utm_content", 255}, limit{"label", 100},
        limit{"description", 500}}) {
    const auto json = [&](std::size_t size) {
      std::string letters; // of two bytes each: code points count
      for (std::size_t i = 0; i < size; ++i)
        letters += "\xC3\xA4";
      return R"({")" + std::string(field) + R"(":")" + letters + R"("})";
    };
    account one;
    BOOST_REQUIRE(one.add_mapping(partner));
    BOOST_TEST(one.patch_mapping(1, json(max)).has_value(), field);
    const auto over = one.patch_mapping(1, json(max + 1));
    BOOST_REQUIRE(!over);
    BOOST_TEST(faults_of(over.error()).front() ==
               "body." + std::string(field) + ": string_too_long");
  }
  account one;
  BOOST_REQUIRE(one.add_passthrough(mirai));
  BOOST_TEST(
      one.patch_passthrough(1, R"({"service_name":")" + std::string(100, 'x') + "\"}").has_value());
  BOOST_TEST(!one.patch_passthrough(1, R"({"service_name":")" + std::string(101, 'x') + "\"}"));
}

BOOST_AUTO_TEST_CASE(null_on_create_is_not_given_for_all_but_required_fields) {
  account one;
  BOOST_TEST(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a","label":null,
      "description":null})")
                 .has_value());
  const auto made = one.add_mapping(R"({"referrer_pattern":null,"match_type":null,
      "utm_source":null,"utm_medium":null,"utm_campaign":null,"utm_term":null,"utm_content":null,
      "priority":null,"is_active":null})");
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().faults.size() == 2U); // the pattern and the source
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","match_type":null,
      "utm_source":"b","utm_medium":null,"utm_campaign":null,"utm_term":null,"utm_content":null,
      "priority":null,"is_active":null})"));
  BOOST_TEST(one.mapping(2).utm.medium == "referral");
  BOOST_TEST(one.mapping(2).is_active);
  const auto other = one.add_passthrough(R"({"domain":null,"utm_source":"x","utm_medium":null,
      "utm_campaign":null,"utm_term":null,"service_name":null,"is_active":null})");
  BOOST_REQUIRE(!other);
  BOOST_TEST(other.error().faults.size() == 1U);
}

BOOST_AUTO_TEST_CASE(null_on_patch_resets_label_and_description_and_leaves_the_rest) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a","label":"l",
      "description":"line\r\n\tline","priority":7,"utm_medium":"m"})"));
  const auto patched = one.patch_mapping(1, R"({"label":null,"description":null,
      "referrer_pattern":null,"match_type":null,"utm_source":null,"utm_medium":null,
      "priority":null,"is_active":null})");
  BOOST_REQUIRE(patched);
  BOOST_TEST(patched->event.has_value());
  const auto& rule = one.mapping(1);
  BOOST_TEST((!rule.label && !rule.description));
  BOOST_TEST(rule.referrer_pattern == "a.com");
  BOOST_TEST(rule.utm.medium == "m");
  BOOST_TEST(rule.priority == 7);
}

BOOST_AUTO_TEST_CASE(an_empty_string_on_patch_is_a_value) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"utm_medium":"","label":""})"));
  BOOST_TEST(one.mapping(1).utm.medium == "");
  BOOST_TEST(one.mapping(1).label.value() == "");
  const auto patched = one.patch_mapping(1, R"({"utm_source":"","referrer_pattern":""})");
  BOOST_TEST(faults_of(patched.error()) == (names{"body.referrer_pattern: string_too_short",
                                                  "body.utm_source: string_too_short"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_patch_that_changes_nothing_makes_no_event) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  for (std::string_view json :
       {"{}", R"({"priority":100})", R"({"priority":1e2})", R"({"label":"Partner Site Traffic"})",
        R"({"referrer_pattern":"HTTPS://Partner-Site.com/x"})", R"({"description":null})",
        R"({"id":9,"created_at":"x","foreign":1})"}) {
    const auto patched = one.patch_mapping(1, json);
    BOOST_REQUIRE_MESSAGE(patched, json);
    BOOST_TEST(!patched->event.has_value(), json);
    BOOST_TEST(patched->id == 1);
  }
  BOOST_TEST(one.rules().version() == 1U);
}

BOOST_AUTO_TEST_CASE(what_a_client_gets_it_can_patch_back) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  BOOST_REQUIRE(one.add_passthrough(mirai));
  const auto mapping =
      one.run(update_referrer_mapping{1, body(shown(one.mapping(1))), /*strict=*/true, {}});
  BOOST_REQUIRE(mapping);
  BOOST_TEST((!mapping->event && mapping->ignored_fields.empty()));
  const auto passthrough =
      one.run(update_passthrough_referrer{1, body(shown(one.passthrough(1))), /*strict=*/true, {}});
  BOOST_REQUIRE(passthrough);
  BOOST_TEST(!passthrough->event.has_value());
}

BOOST_AUTO_TEST_CASE(a_patch_validates_and_normalises_the_whole_rule) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a|b)\\.Example$","match_type":"regex",
      "utm_source":"x"})"));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"match_type":"contains"})"));
  BOOST_TEST(one.mapping(1).referrer_pattern == "^(a|b)\\.example$"); // lowercased now
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a[b","match_type":"contains",
      "utm_source":"x"})"));
  const auto patched = one.patch_mapping(2, R"({"match_type":"regex"})");
  BOOST_TEST(faults_of(patched.error()) == names{"body.referrer_pattern: value_error"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(times_and_revision_follow_the_events) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  BOOST_REQUIRE(one.add_passthrough(mirai));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"priority":3})"));
  const auto& rule = one.mapping(1);
  BOOST_TEST(rule.created_at == account::start);
  BOOST_TEST(rule.updated_at == account::start + 2'000'000);
  BOOST_TEST(rule.revision == 3U);
  BOOST_TEST(one.passthrough(1).revision == 2U);
}

BOOST_AUTO_TEST_CASE(a_second_create_of_a_domain_is_a_conflict_that_names_the_first) {
  account one;
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"a.com","utm_source":"a"})"));
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"b.com","utm_source":"b","is_active":false})"));
  const auto made = one.add_passthrough(R"({"domain":"HTTP://B.com/","utm_source":"c"})");
  BOOST_TEST((code_of(made) == errc::duplicate_entry));
  BOOST_TEST(made.error().existing_id.value() == 2);
  BOOST_TEST(made.error().message.find('2') != std::string::npos);
  BOOST_TEST((code_of(one.patch_passthrough(1, R"({"domain":"b.com"})")) == errc::duplicate_entry));
  BOOST_TEST(one.patch_passthrough(2, R"({"domain":"b.com","utm_source":"x"})").has_value());
}

BOOST_AUTO_TEST_CASE(a_pattern_is_unique_whatever_its_match_type) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a",
      "is_active":false})"));
  for (std::string_view type : {"exact", "contains", "starts_with", "ends_with", "regex"}) {
    const auto made = one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"b",
        "match_type":")" + std::string(type) +
                                      "\"}");
    BOOST_TEST((code_of(made) == errc::duplicate_entry), type);
    BOOST_TEST(made.error().existing_id.value() == 1);
  }
  // The two kinds do not know of each other.
  BOOST_TEST(one.add_passthrough(R"({"domain":"a.com","utm_source":"a"})").has_value());
}

BOOST_AUTO_TEST_CASE(ids_are_never_used_again) {
  account one;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b"})"));
  BOOST_REQUIRE(one.run(delete_referrer_mapping{2, {}}));
  const auto again = one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b"})");
  BOOST_REQUIRE(again);
  BOOST_TEST(again->id == 3);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_found_before_anything_else) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  for (std::int64_t id :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    BOOST_TEST((code_of(one.run(update_referrer_mapping{id, body("[]"), true, tag("9")})) ==
                errc::not_found));
    BOOST_TEST((code_of(one.run(delete_referrer_mapping{id, tag("9")})) == errc::not_found));
    BOOST_TEST((code_of(one.run(update_passthrough_referrer{id, body("{}"), true, {}})) ==
                errc::not_found));
    BOOST_TEST((code_of(one.run(delete_passthrough_referrer{id, {}})) == errc::not_found));
  }
}

BOOST_AUTO_TEST_CASE(a_stale_if_match_is_refused_after_422_and_before_409) {
  account one;
  BOOST_REQUIRE(one.add_mapping(partner));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b"})"));
  const auto patch = [&](std::string_view json, preconditions precondition) {
    return one.run(update_referrer_mapping{2, body(json), false, std::move(precondition)});
  };
  BOOST_TEST((code_of(patch(R"({"priority":-1})", tag("1"))) == errc::validation_error));
  BOOST_TEST((code_of(patch(R"({"referrer_pattern":"partner-site.com"})", tag("1"))) ==
              errc::precondition_failed));
  BOOST_TEST((code_of(patch(R"({"referrer_pattern":"partner-site.com"})", tag("2"))) ==
              errc::duplicate_entry));
  BOOST_TEST((code_of(patch("{}", tag("1"))) == errc::precondition_failed));
  BOOST_TEST(patch(R"({"priority":5})", tag("2")).has_value());
  BOOST_TEST((code_of(patch(R"({"priority":6})", tag("2"))) == errc::precondition_failed));
  BOOST_TEST(patch(R"({"priority":6})", any_tag()).has_value());
  BOOST_TEST((code_of(one.run(delete_referrer_mapping{2, tag("2")})) == errc::precondition_failed));
  BOOST_TEST(one.run(delete_referrer_mapping{2, tag("4")}).has_value());
}

BOOST_AUTO_TEST_CASE(a_full_account_takes_no_more_of_that_kind) {
  account one;
  one.limits().max_per_kind = 2;
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"b.com","utm_source":"b",
      "is_active":false})"));
  BOOST_TEST((code_of(one.add_mapping("{}")) == errc::validation_error));
  // A duplicate is told of the limit first.
  BOOST_TEST((code_of(one.add_mapping(R"({"referrer_pattern":"a.com","utm_source":"a"})")) ==
              errc::max_entries_reached));
  BOOST_TEST(one.add_passthrough(mirai).has_value());
  BOOST_REQUIRE(one.run(delete_referrer_mapping{1, {}}));
  BOOST_TEST(one.add_mapping(R"({"referrer_pattern":"c.com","utm_source":"c"})").has_value());
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_named_or_refused) {
  account one;
  const auto made = one.add_passthrough(
      R"({"domain":"a.com","utm_source":"a","utm_content":"x","id":5,"account_id":"b"})");
  BOOST_REQUIRE(made);
  BOOST_TEST(made->ignored_fields == names{"utm_content"}, boost::test_tools::per_element());
  const auto strict =
      one.add_passthrough(R"({"domain":"b.com","utm_source":"a","utm_content":"x","id":5})", true);
  BOOST_TEST(faults_of(strict.error()) == names{"body.utm_content: extra_forbidden"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
