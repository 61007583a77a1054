#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;

namespace {

using referrer_row = import_row<passthrough_referrer>;
using mapping_row = import_row<referrer_mapping>;
constexpr auto all_fields = ~std::uint64_t{0};

referrer_row row(std::int64_t id, std::string domain, std::string source = "s") {
  referrer_row out{{}, 0, all_fields, false};
  out.rule.id = id;
  out.rule.domain = std::move(domain);
  out.rule.utm.source = std::move(source);
  return out;
}

std::vector<referrer_row> numbered(std::vector<referrer_row> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].line = i + 2;
  return rows;
}

/// The bit of a mapping's field.
std::uint64_t bit(std::string_view name) {
  std::uint64_t at = 1;
  for (const auto& field : fields_of<referrer_mapping>()) {
    if (field.spec.name == name)
      return at;
    at <<= 1;
  }
  BOOST_FAIL("no field " << name);
  return 0;
}

struct fixture : attribution::test::account {
  result<decision> merge(std::vector<referrer_row> rows) {
    return import(numbered(std::move(rows)), import_mode::merge);
  }
  result<decision> replace(std::vector<referrer_row> rows) {
    return import(numbered(std::move(rows)), import_mode::replace);
  }

  /// "id domain source revision" of every referrer.
  std::string shown() const {
    std::string out;
    rules().passthrough_referrers().each([&](const auto& rule) {
      out += (out.empty() ? "" : "; ") + std::to_string(rule->id) + " " + rule->domain + " " +
             rule->utm.source + " " + std::to_string(rule->revision);
    });
    return out;
  }

  static std::string counted(const result<decision>& of) {
    BOOST_REQUIRE_MESSAGE(of, (of ? "" : of.error().message));
    const auto& counts = of->imported.value();
    return std::to_string(counts.added) + " added, " + std::to_string(counts.changed) +
           " changed, " + std::to_string(counts.removed) + " removed, " +
           std::to_string(counts.unchanged) + " unchanged";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(rule_imports, fixture)

BOOST_AUTO_TEST_CASE(merge_adds_and_changes_and_leaves_the_others) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  add_passthrough(R"({"domain":"c.com","utm_source":"c"})");
  const auto done = merge({row(0, "new.com"), row(0, "b.com", "changed"), row(0, "c.com", "c")});
  BOOST_TEST(counted(done) == "1 added, 1 changed, 0 removed, 1 unchanged");
  BOOST_TEST(shown() == "1 a.com a 1; 2 b.com changed 4; 3 c.com c 3; 4 new.com s 4");
  BOOST_TEST((passthrough(2).created_at == start + 1'000'000));
  BOOST_TEST((passthrough(2).updated_at == start + 3'000'000));
}

BOOST_AUTO_TEST_CASE(replace_leaves_exactly_the_given_rules_and_unchanged_ones_untouched) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  const auto done = replace({row(0, "new.com"), row(0, "b.com", "b")});
  BOOST_TEST(counted(done) == "1 added, 0 changed, 1 removed, 1 unchanged");
  BOOST_TEST(shown() == "2 b.com b 2; 3 new.com s 3");
  BOOST_TEST((passthrough(2).updated_at == start + 1'000'000));
}

BOOST_AUTO_TEST_CASE(an_import_that_changes_nothing_writes_no_event) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  for (const auto mode : {import_mode::merge, import_mode::replace}) {
    const auto done = import(std::vector{row(1, "a.com", "a")}, mode);
    BOOST_TEST(counted(done) == "0 added, 0 changed, 0 removed, 1 unchanged");
    BOOST_TEST(!done->event);
  }
  BOOST_TEST(!merge({})->event);
  BOOST_TEST(counted(replace({})) == "0 added, 0 changed, 1 removed, 0 unchanged");
}

BOOST_AUTO_TEST_CASE(an_id_that_is_there_names_its_rule_and_another_one_nothing) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  BOOST_TEST(counted(merge({row(1, "renamed.com")})) ==
             "0 added, 1 changed, 0 removed, 0 unchanged");
  BOOST_TEST(counted(merge({row(77, "renamed.com", "t"), row(78, "new.com")})) ==
             "1 added, 1 changed, 0 removed, 0 unchanged");
  BOOST_TEST(shown() == "1 renamed.com t 3; 2 new.com s 3");
}

BOOST_AUTO_TEST_CASE(texts_may_move_between_rules) {
  for (const auto mode : {import_mode::merge, import_mode::replace}) {
    attribution::test::account fresh;
    fresh.add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
    fresh.add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
    fresh.add_passthrough(R"({"domain":"c.com","utm_source":"c"})");
    const auto done =
        fresh.import(std::vector{row(1, "b.com"), row(2, "c.com"), row(3, "a.com")}, mode);
    BOOST_TEST(counted(done) == "0 added, 3 changed, 0 removed, 0 unchanged");
    BOOST_TEST(fresh.passthrough(3).domain == "a.com");
    BOOST_TEST(fresh.rules().passthrough_referrers().find_text("b.com")->id == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_its_rule_gives_up_is_free_for_a_new_one) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  BOOST_TEST(counted(merge({row(1, "b.com"), row(0, "a.com")})) ==
             "1 added, 1 changed, 0 removed, 0 unchanged");
  BOOST_TEST(shown() == "1 b.com s 2; 2 a.com s 2");
}

BOOST_AUTO_TEST_CASE(merge_refuses_the_text_of_a_rule_that_stays_and_replace_removes_that_rule) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  const auto refused = merge({row(0, "new.com"), row(2, "a.com")});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::validation_error));
  BOOST_TEST(refused.error().fault_count == 1);
  BOOST_REQUIRE(refused.error().faults.size() == 1U);
  const auto fault = refused.error().faults[0];
  BOOST_TEST(to_string(fault.at) == "body[1].domain");
  BOOST_TEST(fault.message == "'a.com' belongs to rule 1, and this row is about rule 2");
  BOOST_TEST((fault.type == "duplicate_entry" && fault.line == 3));
  BOOST_TEST(shown() == "1 a.com a 1; 2 b.com b 2");
  BOOST_TEST(counted(replace({row(2, "a.com")})) == "0 added, 1 changed, 1 removed, 0 unchanged");
  BOOST_TEST(shown() == "2 a.com s 3");
}

BOOST_AUTO_TEST_CASE(an_id_given_twice_is_a_fault_that_names_both_lines) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  const auto refused =
      replace({row(1, "b.com"), row(1, "c.com"), row(9, "d.com"), row(9, "e.com")});
  BOOST_REQUIRE(!refused);
  BOOST_REQUIRE(refused.error().faults.size() == 1U);
  BOOST_TEST(to_string(refused.error().faults[0].at) == "body[1].id");
  BOOST_TEST(refused.error().faults[0].message == "Rule 1 is also in line 2");
  BOOST_TEST(refused.error().faults[0].line == 3);
}

BOOST_AUTO_TEST_CASE(
    what_a_merged_row_does_not_give_stays_and_what_a_replacing_one_does_not_is_reset) {
  add_mapping(R"({"referrer_pattern":"a.com","match_type":"ends_with","utm_source":"a","label":"l",
                  "description":"d","priority":7,"is_active":false,"utm_medium":"m"})");
  mapping_row partial{{}, 2, bit("referrer_pattern") | bit("utm_source"), false};
  partial.rule.referrer_pattern = "a.com";
  partial.rule.utm.source = "new";
  BOOST_TEST(counted(import(std::vector{partial}, import_mode::merge)) ==
             "0 added, 1 changed, 0 removed, 0 unchanged");
  BOOST_TEST((mapping(1).match_type == match_type::ends_with));
  BOOST_TEST((mapping(1).label == "l" && mapping(1).description == "d"));
  BOOST_TEST((mapping(1).priority == 7 && !mapping(1).is_active));
  BOOST_TEST((mapping(1).utm == utm_values{"new", "m", "", "", ""}));
  // Another pattern comes with a match type or is exact.
  partial.rule.id = 1;
  partial.rule.referrer_pattern = "b.com";
  import(std::vector{partial}, import_mode::merge);
  BOOST_TEST((mapping(1).match_type == match_type::exact && mapping(1).label == "l"));
  import(std::vector{partial}, import_mode::replace);
  BOOST_TEST((!mapping(1).label && mapping(1).priority == 0 && mapping(1).is_active));
  BOOST_TEST(mapping(1).utm.medium == "referral");
}

BOOST_AUTO_TEST_CASE(the_limit_counts_what_there_will_be) {
  limits().max_per_kind = 3;
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  const auto refused = merge({row(0, "c.com"), row(0, "d.com")});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::max_entries_reached));
  BOOST_TEST(counted(replace({row(0, "c.com"), row(0, "d.com"), row(0, "a.com", "a")})) ==
             "2 added, 0 changed, 1 removed, 1 unchanged");
  BOOST_TEST(shown() == "1 a.com a 1; 3 c.com s 3; 4 d.com s 3");
}

BOOST_AUTO_TEST_CASE(the_id_of_a_faulty_row_counts_and_its_faults_come_first) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  import_rows<passthrough_referrer> document;
  document.rows = numbered({row(1, "elsewhere.com", ""), row(2, "a.com")});
  document.rows[0].is_faulty = true;
  document.faults = {
      {location{"body"} / std::size_t{0} / "utm_source", "too short", "string_too_short", 2}};
  document.fault_count = 1;
  const auto refused =
      plan_import(rules().passthrough_referrers(), document, import_mode::merge, 10);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().fault_count == 1); // rule 1 would have given up its text
}

BOOST_AUTO_TEST_CASE(an_import_that_does_not_fit_changes_nothing) {
  add_passthrough(R"({"domain":"a.com","utm_source":"a"})");
  add_passthrough(R"({"domain":"b.com","utm_source":"b"})");
  auto state = rules();
  const auto before = state.canonical();
  const auto rule = [](std::int64_t id, std::string domain) { return row(id, domain).rule; };
  const std::vector<passthrough_referrers_imported> wrong{
      {import_mode::merge, {rule(2, "c.com")}, {}, {}, 0},
      {import_mode::merge, {rule(4, "c.com"), rule(3, "d.com")}, {}, {}, 0},
      {import_mode::merge, {rule(3, "b.com")}, {}, {}, 0},
      {import_mode::merge, {}, {rule(3, "c.com")}, {}, 0},
      {import_mode::merge, {}, {rule(1, "b.com")}, {}, 0},
      {import_mode::merge, {}, {rule(1, "c.com"), rule(1, "c.com")}, {}, 0},
      {import_mode::merge, {}, {rule(1, "c.com"), rule(2, "c.com")}, {}, 0},
      {import_mode::replace, {}, {rule(1, "c.com")}, {1}, 0},
      {import_mode::replace, {}, {}, {3}, 0},
      {import_mode::replace, {}, {}, {1, 1}, 0}};
  for (const auto& event : wrong) {
    const auto applied = state.apply(event, {3, start});
    BOOST_TEST((!applied && applied.error().code == errc::corrupt_log));
    BOOST_TEST(state.canonical() == before);
  }
}

BOOST_AUTO_TEST_SUITE_END()
