#include "lint_fixture.hpp"

using namespace headwater;
using namespace headwater::attribution;
using namespace headwater::attribution::test;

BOOST_AUTO_TEST_SUITE(lints)

BOOST_AUTO_TEST_CASE(rules_as_they_should_be_are_not_mentioned) {
  account one;
  pass(one, "booking.mirai.com");
  pass(one, "paypal.com");
  map(one, "exact", "partner.example", 10);
  map(one, "ends_with", ".partner.example");
  map(one, "contains", "newsletter");
  map(one, "starts_with", "blog.");
  map(one, "regex", R"((^|\\.)forum\\.example$)");
  const auto report = lint_of(one);
  for (const auto& each : report.findings)
    BOOST_ERROR(shown(each) << ": " << each.message);
  BOOST_TEST(report.rules == 7U);
  BOOST_TEST(report.complete);
}

BOOST_AUTO_TEST_CASE(exact_mapping_behind_each_broader_type_is_shadowed) {
  for (const auto& [type, pattern] : {std::pair{"contains", "tner.exam"},
                                      {"starts_with", "partner."},
                                      {"ends_with", ".example"},
                                      {"regex", R"(^p.*\\.example$)"}}) {
    account one;
    map(one, type, pattern, 1);
    map(one, "exact", "partner.example");
    BOOST_TEST_CONTEXT(type) {
      const auto found = findings(one);
      BOOST_TEST(std::ranges::count(found, "shadowed m2 m1") == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(shadowed_mapping_is_told_what_comes_before_it_and_how_to_mend_it) {
  account one;
  map(one, "contains", "partner", 10);
  map(one, "exact", "partner.example", 3);
  const auto report = lint_of(one);
  BOOST_REQUIRE(report.findings.size() == 1U);
  const auto& found = report.findings[0];
  BOOST_TEST(found.message == "Mapping 2 (exact \"partner.example\") never decides: mapping 1 "
                              "(contains \"partner\") matches every host that it matches, and it "
                              "has a higher priority or the same one and a lower id.");
  BOOST_TEST(found.suggestion ==
             "Give it a higher priority than mapping 1 (contains \"partner\"), or delete it.");
  BOOST_REQUIRE(found.fix.size() == 1U);
  BOOST_TEST(found.fix[0].method == "PATCH");
  BOOST_TEST(found.fix[0].path == "/referrer-mappings/2");
  BOOST_TEST(found.fix[0].body == R"({"priority":11})");
  BOOST_REQUIRE(one.patch_mapping(2, found.fix[0].body));
  BOOST_TEST(findings(one).empty());
}

BOOST_AUTO_TEST_CASE(shadowed_mapping_that_says_the_same_is_only_a_warning) {
  account one;
  map(one, "contains", "partner", 10, "same");
  map(one, "exact", "partner.example", 3, "same");
  const auto report = lint_of(one);
  BOOST_REQUIRE(report.findings.size() == 1U);
  BOOST_TEST((report.findings[0].severity == lint_severity::warning));
  BOOST_TEST(report.findings[0].fix[0].method == "DELETE");
}

BOOST_AUTO_TEST_CASE(patterns_are_shadowed_where_containment_is_certain) {
  struct example {
    const char *outer_type, *outer, *inner_type, *inner;
    const char* code; // null: nothing about the inner one
  };
  const example cases[] = {
      {"contains", "partner", "contains", "mypartner", "shadowed"},
      {"contains", "partner", "starts_with", "partner-site", "shadowed"},
      {"contains", "partner", "ends_with", ".partner.example", "shadowed"},
      {"contains", "partner", "regex", R"(^(www\\.)?partner\\.(fr|de)$)", "shadowed"},
      {"contains", "partner", "regex", R"(mypartner|partners)", "shadowed"},
      {"contains", "partner", "regex", R"(mypartner|friend)", nullptr},
      {"starts_with", "part", "starts_with", "partner", "shadowed"},
      {"starts_with", "part", "contains", "partner", nullptr},
      {"starts_with", "part", "ends_with", ".partner.example", nullptr},
      {"starts_with", "part", "regex", R"(^partner\\.)", "shadowed"},
      {"ends_with", ".example", "ends_with", ".partner.example", "shadowed"},
      {"ends_with", ".example", "contains", ".partner.example", nullptr},
      {"ends_with", ".example", "regex", R"(^(a|b)\\.partner\\.example$)", "shadowed"},
      {"regex", R"(part.*ner)", "contains", "partner", "maybe_shadowed"},
      {"regex", R"(^part[a-z]+)", "starts_with", "partner", "maybe_shadowed"},
      {"regex", R"(^part[a-z]+)", "contains", "partner", nullptr},
      {"regex", R"(partner\\.example$)", "contains", "partner.example", nullptr},
      {"regex", R"(partner\\.example$)", "ends_with", ".partner.example", "maybe_shadowed"},
      {"regex", R"(partner(?!s))", "contains", "partner", nullptr},
      {"exact", "partner.example", "contains", "partner.exam", nullptr},
  };
  for (const auto& each : cases) {
    account one;
    map(one, each.outer_type, each.outer, 1);
    map(one, each.inner_type, each.inner);
    std::string codes;
    for (const auto& found : lint_of(one).findings)
      if (found.rules.size() == 2 && found.rules[0].id == 2)
        codes += std::string(to_string(found.code));
    BOOST_TEST(codes == (each.code ? each.code : ""), each.outer_type
                                                          << " " << each.outer << " before "
                                                          << each.inner_type << " " << each.inner);
  }
}

BOOST_AUTO_TEST_CASE(passthrough_domain_makes_a_mapping_dead_where_it_covers_all_its_hosts) {
  account one;
  pass(one, "partner.example");
  map(one, "exact", "pay.partner.example");
  map(one, "exact", "www.partner.example");
  map(one, "ends_with", ".partner.example");
  map(one, "ends_with", "y.partner.example");
  map(one, "ends_with", "partner.example");         // mypartner.example is left
  map(one, "contains", "x.partner.example");        // as is x.partner.example.com
  map(one, "regex", R"(^.+\\.partner\\.example$)"); // the tail says it
  const auto found = findings(one);
  const auto is_dead = [&](int id) {
    return std::ranges::count(found, "behind_passthrough m" + std::to_string(id) + " p1") == 1;
  };
  for (int id : {1, 2, 3, 4, 7})
    BOOST_TEST(is_dead(id), id);
  for (int id : {5, 6})
    BOOST_TEST(!is_dead(id), id);
}

BOOST_AUTO_TEST_CASE(hosts_shared_out_among_several_rules_kill_a_mapping_together) {
  account one;
  pass(one, "www.partner.example");
  map(one, "exact", "partner.example");
  BOOST_TEST(findings(one) == texts{"partly_shadowed m1 p1"}, boost::test_tools::per_element());
  map(one, "starts_with", "partner.", 4);
  BOOST_TEST(findings(one) == texts{"shadowed m1 p1 m2"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_finding_names_no_host_that_nobody_has) {
  account one;
  map(one, "exact", "partner.example");
  map(one, "exact", "www.partner.example"); // also fits www.www.partner.example
  const auto report = lint_of(one);
  BOOST_TEST(findings(one) == texts{"partly_shadowed m2 m1"}, boost::test_tools::per_element());
  BOOST_TEST(report.findings[0].message ==
             "Mapping 2 (exact \"www.partner.example\") does not decide for www.partner.example "
             "and partner.example, because of mapping 1 (exact \"partner.example\"): it has the "
             "same priority and is older.");
}

BOOST_AUTO_TEST_CASE(nothing_is_dead_behind_inactive_rules) {
  account one;
  pass(one, "partner.example");
  map(one, "contains", "partner", 5);
  map(one, "exact", "partner.example");
  BOOST_REQUIRE(one.patch_passthrough(1, R"({"is_active":false})"));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"is_active":false})"));
  BOOST_TEST(findings(one).empty());
  BOOST_TEST(lint_of(one).rules == 1U);
}

BOOST_AUTO_TEST_CASE(patterns_that_no_host_can_have_never_match) {
  for (const auto& [type, pattern] : {std::pair{"exact", "*.partner.example"},
                                      {"exact", "part ner.example"},
                                      {"exact", "partner..example"},
                                      {"contains", "partner*"},
                                      {"contains", "a..b"},
                                      {"starts_with", ".partner"},
                                      {"ends_with", "partner."},
                                      {"regex", R"(partner\\.com/shop)"},
                                      {"regex", R"(partner\\.$)"},
                                      {"regex", R"(^\\.partner)"},
                                      {"regex", R"(^a b$)"}})
    BOOST_TEST(alone(type, pattern) == texts{"never_matches m1"},
               type << " " << pattern << boost::test_tools::per_element());
  for (const auto& [type, pattern] : {std::pair{"exact", "com.slack"},
                                      {"exact", "localhost"},
                                      {"exact", "[::1]"},
                                      {"exact", "192.0.2.7"},
                                      {"exact", "a_b.example"},
                                      {"contains", "[2001:db8:"},
                                      {"ends_with", ".partner"},
                                      {"regex", R"(partner\\.com(/shop)?)"}})
    BOOST_TEST(std::ranges::count(alone(type, pattern), "never_matches m1") == 0,
               type << " " << pattern);
}

BOOST_AUTO_TEST_CASE(asterisks_become_match_types) {
  for (const auto& [pattern, body] :
       {std::pair{"*.partner.example",
                  R"({"referrer_pattern":".partner.example","match_type":"ends_with"})"},
        {"partner.*", R"({"referrer_pattern":"partner.","match_type":"starts_with"})"},
        {"*partner*", R"({"referrer_pattern":"partner","match_type":"contains"})"}}) {
    account one;
    map(one, "exact", pattern);
    const auto found = lint_of(one).findings.at(0);
    BOOST_REQUIRE(found.fix.size() == 1U);
    BOOST_TEST(found.fix[0].body == body);
    BOOST_REQUIRE(one.patch_mapping(1, found.fix[0].body));
    BOOST_TEST(findings(one).empty());
  }
}

BOOST_AUTO_TEST_CASE(mappings_of_one_priority_tie_at_the_broader_one) {
  account one;
  map(one, "exact", "news.partner.example", 7);
  map(one, "exact", "partner.example", 7);
  map(one, "contains", "partner", 7);
  BOOST_TEST(findings(one) == texts{"equal_priority m3 m1 m2"}, boost::test_tools::per_element());
  const auto tie = lint_of(one).findings.at(0);
  BOOST_TEST((tie.severity == lint_severity::info));
  BOOST_TEST(tie.message.find("2 other mappings with hosts in common, such as "
                              "news.partner.example") != std::string::npos,
             tie.message);
  BOOST_REQUIRE(tie.fix.size() == 2U);
  BOOST_REQUIRE(one.patch_mapping(1, tie.fix[0].body));
  BOOST_REQUIRE(one.patch_mapping(2, tie.fix[1].body));
  BOOST_TEST(findings(one).empty());
}

BOOST_AUTO_TEST_CASE(patterns_that_merely_overlap_tie_with_a_warning) {
  account one;
  map(one, "contains", "shop.example");
  map(one, "starts_with", "shop.");
  const auto found = lint_of(one).findings;
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(shown(found[0]) == "equal_priority m2 m1");
  BOOST_TEST((found[0].severity == lint_severity::warning));
}

BOOST_AUTO_TEST_CASE(regular_expressions_and_patterns_with_dots_tie_too) {
  account one;
  map(one, "regex", R"((^|\\.)partner\\.(de|fr)$)");
  map(one, "starts_with", "partner.");
  map(one, "ends_with", ".club.example");
  map(one, "regex", R"(^[a-z]+\\.club\\.example$)");
  BOOST_TEST(findings(one) == (texts{"shadowed m4 m3", "equal_priority m2 m1"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_tie_that_another_rule_settles_or_that_changes_nothing_is_none) {
  account settled;
  map(settled, "exact", "partner.example");
  map(settled, "contains", "partner");
  map(settled, "exact", "www.partner.example", 5);
  for (const auto& each : findings(settled))
    BOOST_TEST(!each.starts_with("equal_priority"), each);
  account same;
  map(same, "exact", "partner.example", 0, "same");
  map(same, "contains", "partner", 0, "same");
  BOOST_TEST(findings(same).empty());
}

BOOST_AUTO_TEST_CASE(rules_of_the_own_site_are_found_by_registrable_domain) {
  account one;
  pass(one, "pay.acme.co.uk");
  map(one, "exact", "blog.acme.co.uk");
  map(one, "ends_with", ".acme.co.uk");
  map(one, "contains", "acme.co.uk", 3);
  map(one, "exact", "other.co.uk");
  map(one, "exact", "acme.com", 5);
  lint_options options;
  options.sites = {page("www.acme.co.uk"), {"192.0.2.1", host_kind::ip_address}};
  texts own;
  for (const auto& each : findings(one, options))
    if (each.starts_with("own_site"))
      own.push_back(each);
  BOOST_TEST(own == (texts{"own_site p1", "own_site m3", "own_site m1", "own_site m2"}),
             boost::test_tools::per_element());
  // That is all that there is to say of them, and nothing advises them away.
  for (const auto& each : lint_of(one, options).findings)
    if (each.rules[0].kind == "passthrough_referrer" || each.rules[0].id < 4) {
      BOOST_TEST((each.code == lint_code::own_site));
      BOOST_TEST(each.fix.empty());
    }
  BOOST_REQUIRE(one.patch_mapping(3, R"({"is_active":false})"));
  BOOST_TEST(std::ranges::count(findings(one, options), "own_site m2") == 1);
  BOOST_TEST(lint_of(one, options).sites == texts{"acme.co.uk"}, boost::test_tools::per_element());
  BOOST_TEST(std::ranges::count(findings(one), "own_site p1") == 0);
}

BOOST_AUTO_TEST_CASE(passthrough_referrers_are_looked_at_too) {
  account one;
  pass(one, "partner.example");
  pass(one, "pay.partner.example");
  pass(one, "book.partner.example", "other");
  pass(one, "co.uk");
  pass(one, "google.com");
  pass(one, "accounts.google.com");
  pass(one, "checkout.stripe.com");
  BOOST_TEST(findings(one) == (texts{"redundant_passthrough p2 p1", "too_broad p4", "too_broad p5",
                                     "overrides_ai_platform p5", "redundant_passthrough p6 p5"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(media_that_belong_to_no_channel_are_told_once_for_all) {
  account one;
  for (const auto* domain : {"one.example", "two.example"})
    BOOST_REQUIRE(
        one.add_passthrough(R"({"utm_source":"s","domain":")" + std::string(domain) + R"("})"));
  pass(one, "three.example");
  BOOST_TEST(findings(one) == texts{"unassigned_channel p1 p2"}, boost::test_tools::per_element());
  BOOST_TEST(lint_of(one).findings[0].message ==
             "2 passthrough referrers have media that belong to no channel: visits from there "
             "without a session are Unassigned.");
}

BOOST_AUTO_TEST_CASE(rules_of_referrer_spam_never_decide) {
  account one;
  pass(one, "semalt.com");
  map(one, "exact", "1-99seo.com");
  map(one, "exact", "notspam.example");
  BOOST_TEST(findings(one) == (texts{"never_matches p1", "never_matches m1"}),
             boost::test_tools::per_element());
  one.patch_settings(R"({"drop_spam":false})").value();
  BOOST_TEST(findings(one).empty());
}

BOOST_AUTO_TEST_CASE(hosts_that_are_special_are_pointed_out) {
  account one;
  map(one, "exact", "tenant.okta.com");
  map(one, "ends_with", ".checkout.stripe.com");
  map(one, "exact", "chatgpt.com");
  BOOST_REQUIRE(one.add_mapping(
      R"({"referrer_pattern":"claude.ai","utm_source":"Claude","utm_medium":"ai-assistant"})"));
  BOOST_TEST(findings(one) == (texts{"usual_passthrough_host m1", "usual_passthrough_host m2",
                                     "overrides_ai_platform m3", "repeats_ai_platform m4"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(google_as_organic_is_told_that_gemini_is_lost) {
  account one;
  map(one, "contains", "google", 0, "google");
  const auto report = lint_of(one);
  BOOST_REQUIRE(report.findings.size() == 1U);
  const auto& found = report.findings[0];
  BOOST_TEST((found.severity == lint_severity::warning));
  BOOST_TEST(shown(found) == "overrides_ai_platform m1");
  BOOST_TEST(found.message.find("gemini.google.com (") != std::string::npos, found.message);
  // A mapping of its own with the list's values brings it back.
  BOOST_REQUIRE(one.add_mapping(
      R"({"referrer_pattern":"gemini.google.com","utm_source":"Gemini","utm_medium":"ai-assistant",
          "priority":9})"));
  for (const auto& each : lint_of(one).findings)
    BOOST_TEST(each.message.find("takes visits from gemini.google.com") == std::string::npos,
               each.message);
  // So does a pattern that names the sites that are meant.
  account narrow;
  map(narrow, "exact", "google.com");
  map(narrow, "exact", "google.de");
  BOOST_TEST(findings(narrow).empty());
}

BOOST_AUTO_TEST_CASE(lists_are_named_with_their_day) {
  const auto first = [](const std::string& type, const std::string& pattern,
                        const std::string& utm) {
    account one;
    const auto made = one.add_mapping(R"({"referrer_pattern":")" + pattern + R"(","match_type":")" +
                                      type + R"(",)" + utm + "}");
    BOOST_REQUIRE(made);
    const auto report = lint_of(one);
    BOOST_REQUIRE(!report.findings.empty());
    return report.findings.front();
  };
  const auto day_of = [](std::string_view list) {
    return std::string(source_lists::shipped()->info(list)->date);
  };
  const auto engine =
      first("exact", "www.google.de", R"("utm_source":"google","utm_medium":"organic")");
  BOOST_TEST(shown(engine) == "repeats_source_list m1");
  BOOST_TEST(engine.message == "Mapping 1 (exact \"www.google.de\") says what Matomo's list of "
                               "search engines of " +
                                   day_of("search-engines") +
                                   " says by itself: google, medium organic.");
  BOOST_TEST(engine.fix.at(0).method == "DELETE");
  // The whole of Google is the list's, too, and it leaves Gemini alone.
  const auto google =
      first("contains", "google", R"("utm_source":"google","utm_medium":"organic")");
  BOOST_TEST(shown(google) == "overrides_ai_platform m1");
  BOOST_TEST(google.suggestion.starts_with("Delete it: Matomo's list of search engines of "),
             google.suggestion);
  BOOST_TEST(google.fix.at(0).method == "DELETE");
  BOOST_TEST(google.message.find("before the list of AI platforms of 20") != std::string::npos,
             google.message);
  const auto suffix = first("ends_with", ".co.uk", R"("utm_source":"s")");
  BOOST_TEST(suffix.message.find("a public suffix by Mozilla's public suffix list of " +
                                 day_of("public-suffixes")) != std::string::npos,
             suffix.message);
}

BOOST_AUTO_TEST_CASE(each_pattern_and_passthrough_is_told_which_platforms_are_lost_to_it) {
  account one;
  pass(one, "microsoft.com");
  map(one, "ends_with", ".deepseek.com", 2);
  map(one, "regex", R"(^(www\\.)?perplexity\\.)", 1);
  map(one, "starts_with", "claude");
  const auto told = [&](std::string_view rule, std::string_view host) {
    return std::ranges::any_of(lint_of(one).findings, [&](const lint_finding& each) {
      return shown(each) == "overrides_ai_platform " + std::string(rule) &&
             each.message.find(host) != std::string::npos;
    });
  };
  BOOST_TEST(told("p1", "copilot.microsoft.com"));
  BOOST_TEST(told("m1", "chat.deepseek.com"));
  BOOST_TEST(told("m2", "perplexity.ai"));
  BOOST_TEST(told("m3", "claude.ai"));
  pass(one, "claude.ai"); // what it takes first is lost to it alone
  BOOST_TEST(told("p2", "claude.ai"));
  BOOST_TEST(!told("m3", "claude.ai"));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_gives_what_the_list_gives_loses_nothing) {
  account one;
  BOOST_REQUIRE(one.add_mapping(
      R"({"referrer_pattern":"claude","match_type":"starts_with","utm_source":"Claude",
          "utm_medium":"ai-assistant"})"));
  BOOST_TEST(findings(one).empty());
}

BOOST_AUTO_TEST_CASE(two_mappings_of_equal_reach_are_told_once_that_they_contradict) {
  account one;
  map(one, "contains", "partner", 5);
  map(one, "regex", "(partner)", 1);
  const auto report = lint_of(one);
  const auto dead = std::ranges::find(report.findings, lint_code::shadowed, &lint_finding::code);
  BOOST_REQUIRE((dead != report.findings.end()));
  BOOST_TEST(dead->message.find("contradict each other") != std::string::npos, dead->message);
  BOOST_TEST(dead->suggestion == "Delete one of them: this one, or mapping 1 (contains "
                                 "\"partner\").");
  BOOST_TEST(dead->fix.empty());
  account exact;
  map(exact, "exact", "partner.example", 5);
  map(exact, "regex", R"(^partner\\.example$)", 1);
  const auto found = lint_of(exact).findings;
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(shown(found[0]) == "shadowed m2 m1");
  BOOST_TEST(found[0].fix.empty());
}

BOOST_AUTO_TEST_CASE(all_findings_of_a_rule_are_told_at_once) {
  account one;
  map(one, "contains", "partner", 5);
  map(one, "regex", "mypartner.com", 1);
  auto found = findings(one);
  std::ranges::sort(found);
  BOOST_TEST(found ==
                 (texts{"regex_unescaped_dot m2", "regex_without_anchor m2", "shadowed m2 m1"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(pages_of_findings_put_together_are_all_of_them) {
  account one;
  for (int i = 0; i < 20; ++i) {
    map(one, "ends_with", "site" + std::to_string(i) + ".example"); // warning
    map(one, "exact", "*.site" + std::to_string(i));                // error
    map(one, "exact", "host" + std::to_string(i) + ".okta.com");    // info
  }
  const auto all = findings(one);
  BOOST_REQUIRE(all.size() == 60U);
  for (std::size_t limit : {1U, 7U, 25U, 60U}) {
    texts pieces;
    for (std::size_t offset = 0; offset < 70; offset += limit) {
      lint_options options;
      options.offset = offset;
      options.limit = limit;
      const auto report = lint_of(one, options);
      BOOST_TEST(report.total == 60U);
      for (const auto& each : report.findings)
        pieces.push_back(shown(each));
    }
    BOOST_TEST(pieces == all, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(giving_up_leaves_what_costs_and_says_so) {
  account one;
  map(one, "contains", "partner", 3);
  map(one, "exact", "partner.example");
  map(one, "exact", "*.example");
  lint_options options;
  options.give_up = [] { return true; };
  const auto report = lint_of(one, options);
  BOOST_TEST(!report.complete);
  BOOST_TEST(findings(one, options) == texts{"never_matches m3"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
