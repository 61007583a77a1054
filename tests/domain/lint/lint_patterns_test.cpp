// Patterns and regular expressions that match more or less than they look like.

#include "lint_fixture.hpp"

using namespace headwater;
using namespace headwater::attribution;
using namespace headwater::attribution::test;

BOOST_AUTO_TEST_SUITE(lint_patterns)

BOOST_AUTO_TEST_CASE(patterns_that_catch_well_known_hosts_are_too_broad) {
  const auto t_co = [] {
    account one;
    map(one, "contains", "t.co");
    return lint_of(one).findings.at(0);
  }();
  BOOST_TEST((t_co.code == lint_code::too_broad));
  BOOST_TEST(t_co.fix.at(0).body == R"({"match_type":"exact"})");
  for (const auto& [type, pattern] : {std::pair{"contains", "t.co"},
                                      {"contains", "x.com"},
                                      {"contains", "ing"},
                                      {"contains", "."},
                                      {"contains", "com"},
                                      {"contains", "www."},
                                      {"starts_with", "w"},
                                      {"starts_with", "go"},
                                      {"ends_with", ".com"},
                                      {"ends_with", ".co.uk"},
                                      {"ends_with", "de"}})
    BOOST_TEST(without_platforms(alone(type, pattern)) == texts{"too_broad m1"},
               type << " " << pattern << boost::test_tools::per_element());
  for (const auto& [type, pattern] : {std::pair{"contains", "google"},
                                      {"contains", "facebook.com"},
                                      {"contains", "duckduck"},
                                      {"contains", ".reddit."},
                                      {"starts_with", "amazon."},
                                      {"ends_with", ".bbc.co.uk"},
                                      {"exact", "t.co"}})
    BOOST_TEST(without_platforms(alone(type, pattern)) == texts{},
               type << " " << pattern << boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(regular_expressions_are_tried_on_well_known_hosts) {
  account one;
  map(one, "regex", "t.co");
  const auto report = lint_of(one);
  const auto broad = std::ranges::find(report.findings, lint_code::too_broad, &lint_finding::code);
  BOOST_REQUIRE((broad != report.findings.end()));
  BOOST_TEST(broad->message.starts_with("Mapping 1 (regex \"t.co\") also matches "));
  BOOST_TEST(broad->message.ends_with(", which it hardly means."));
  for (const auto& [pattern, told] :
       {std::pair{R"(soft\\.co)", "also matches microsoft.com, which"},
        {R"(soft.co)", "also matches microsoft.com, which"},
        {R"(x\\.com$)", "dropbox.com, fedex.com, netflix.com"},
        {R"((^|\\.)t\\.co$)", nullptr},
        {R"(^t\\.co$)", nullptr},
        {R"(\\bt\\.co$)", nullptr},
        {R"(facebook\\.com)", nullptr},
        {R"(goog(le|leapis)\\.)", nullptr}}) {
    account other;
    map(other, "regex", pattern);
    std::string message;
    for (const auto& each : lint_of(other).findings)
      if (each.code == lint_code::too_broad)
        message = each.message;
    BOOST_TEST_CONTEXT(pattern) {
      BOOST_TEST((told ? message.find(told) != std::string::npos : message.empty()), message);
    }
  }
}

BOOST_AUTO_TEST_CASE(hosts_of_one_owner_are_no_mistake) {
  // "book.com" is within facebook.com and l.facebook.com, of which the one is no better than the
  // other; "l.facebook" begins one of them.
  account one;
  map(one, "contains", "l.facebook.com");
  BOOST_TEST(without_platforms(findings(one)) == texts{}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(t_co_is_told_that_it_matches_microsoft) {
  account one;
  map(one, "contains", "soft.co");
  BOOST_TEST(lint_of(one).findings.at(0).message ==
             "Mapping 1 (contains \"soft.co\") also matches microsoft.com, which it hardly means.");
}

BOOST_AUTO_TEST_CASE(ends_with_needs_a_label_boundary) {
  account one;
  map(one, "ends_with", "partner.de");
  const auto found = lint_of(one).findings.at(0);
  BOOST_TEST((found.code == lint_code::no_label_boundary));
  BOOST_TEST(found.message == "Mapping 1 (ends_with \"partner.de\") also matches mypartner.de, "
                              "because it does not begin at a dot.");
  BOOST_REQUIRE(found.fix.size() == 2U);
  BOOST_TEST(found.fix[0].body == R"({"referrer_pattern":".partner.de"})");
  BOOST_REQUIRE(one.patch_mapping(1, found.fix[0].body));
  BOOST_REQUIRE(one.add_mapping(found.fix[1].body));
  BOOST_TEST(findings(one).empty());
  BOOST_TEST(alone("ends_with", "-partner.de") == texts{}, boost::test_tools::per_element());
  account caught;
  map(caught, "ends_with", "x.com");
  BOOST_TEST(lint_of(caught).findings.at(0).message ==
             "Mapping 1 (ends_with \"x.com\") also matches dropbox.com, fedex.com, netflix.com and "
             "3 more, because it does not begin at a dot.");
}

BOOST_AUTO_TEST_CASE(regular_expressions_are_read) {
  using all = texts;
  const std::pair<const char*, all> cases[] = {
      {R"((^|\\.)partner\\.(com|de)$)", {}},
      {R"(^partner)", {}},
      {R"(\\bpartner\\b)", {}},
      {"partner", {"regex_without_anchor m1"}},
      {"partner.com", {"regex_without_anchor m1", "regex_unescaped_dot m1"}},
      {R"(^www.partner\\.com$)", {"regex_unescaped_dot m1"}},
      {R"(^(www.)?partner\\.com$)", {"regex_unescaped_dot m1"}},
      {R"(^.*partner.*$)", {}},
      {"^[a-z]+$", {"regex_without_literal m1"}},
      {R"(\\.com$)", {"too_broad m1", "regex_without_literal m1"}},
      {".", {"too_broad m1", "regex_without_anchor m1", "regex_without_literal m1"}},
      {R"(^\\d+\\.)", {"regex_without_literal m1"}},
      {"(?i)partner.com", {}}, // not understood, so nothing is said
  };
  for (const auto& [pattern, expected] : cases) {
    auto found = without_platforms(alone("regex", pattern));
    auto sorted = expected;
    std::ranges::sort(found);
    std::ranges::sort(sorted);
    BOOST_TEST_CONTEXT(pattern) {
      BOOST_TEST(found == sorted, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(fixes_of_regular_expressions_mend_them) {
  for (const auto& [pattern, mended] : {std::pair{"partner", "partner"},
                                        {R"(partner\\.com)", R"((^|\.)partner\.com$)"},
                                        {"^www.partner.com$", R"(^www\.partner\.com$)"}}) {
    account one;
    map(one, "regex", pattern);
    const auto found = lint_of(one).findings.at(0);
    BOOST_REQUIRE(found.fix.size() == 1U);
    BOOST_REQUIRE(one.patch_mapping(1, found.fix[0].body));
    BOOST_TEST(one.mapping(1).referrer_pattern == mended);
    BOOST_TEST(findings(one).empty());
  }
}

BOOST_AUTO_TEST_CASE(regex_that_hit_a_limit_is_an_error) {
  account one;
  map(one, "regex", "^(a+)+[bc]$");
  one.mapping(1).compiled.regex->count_limit_hit();
  const auto found = lint_of(one).findings.at(0);
  BOOST_TEST(shown(found) == "regex_limit_hit m1");
  BOOST_TEST((found.severity == lint_severity::error));
}

BOOST_AUTO_TEST_SUITE_END()
