#include "tests/domain/resolve/cascade/resolving.hpp"

using namespace headwater;
using namespace headwater::attribution;

namespace {

constexpr std::string_view home = R"("url":"https://www.acme.com/")";

std::string visit_of(std::string_view url, std::string_view referrer, bool session = false) {
  return R"({"url":")" + std::string(url) + R"(","referrer":")" + std::string(referrer) + '"' +
         (session ? R"(,"session":{"utm_source":"s"}})" : "}");
}

/// The inputs of a step as JSON.
std::string inputs_of(const step_explanation& step) {
  json_writer out;
  write(out, std::vector{step});
  const auto text = std::move(out).str();
  const auto begin = text.find(R"("inputs":)") + 9;
  return text.substr(begin, text.find(R"(,"rules":)") - begin);
}

/// "kind id outcome" of each rule, kinds cut to one letter.
std::vector<std::string> rules_of(const step_explanation& step) {
  std::vector<std::string> out;
  for (const auto& each : step.rules)
    out.push_back(std::string(1, each.rule.kind[0]) + std::to_string(each.rule.id) + " " +
                  std::string(to_string(each.outcome)));
  return out;
}

using names = std::vector<std::string>;

struct explaining_fixture : test::resolving_fixture {
  /// The step of that number.
  step_explanation step(int number, std::string_view json) {
    const auto found = resolved(json, true);
    BOOST_REQUIRE_MESSAGE(found.explanation.size() >= static_cast<std::size_t>(number), json);
    return found.explanation[static_cast<std::size_t>(number) - 1];
  }
};

void check(const step_explanation& step, bool applied, std::string_view reason,
           std::string_view inputs) {
  BOOST_TEST(step.applied == applied);
  BOOST_TEST(step.reason == reason);
  BOOST_TEST(inputs_of(step) == inputs);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(explanations, explaining_fixture)

BOOST_AUTO_TEST_CASE(the_steps_are_listed_up_to_the_one_that_applied) {
  const auto direct = resolved("{" + std::string(home) + "}", true);
  BOOST_REQUIRE(direct.explanation.size() == 14U);
  for (std::size_t i = 0; i < 14; ++i) {
    BOOST_TEST(direct.explanation[i].step == static_cast<int>(i) + 1);
    BOOST_TEST(direct.explanation[i].applied == (i == 13));
    BOOST_TEST(!direct.explanation[i].reason.empty());
  }
  const auto mapping = resolved(visit_of("https://acme.com/", "partner-site.com"), true);
  BOOST_REQUIRE(mapping.explanation.size() == 6U);
  BOOST_TEST(mapping.explanation.back().name == "mapping");
  BOOST_TEST(resolved("{" + std::string(home) + "}").explanation.empty());
}

BOOST_AUTO_TEST_CASE(each_outcome_is_told_as_the_last_step) {
  const std::pair<std::string, std::string_view> cases[] = {
      {visit_of("https://a.acme.com/", "https://b.acme.com/"), "internal"},
      {visit_of("https://acme.com/", "https://booking.mirai.com/", true), "passthrough_session"},
      {visit_of("https://acme.com/?utm_term=x", "https://booking.mirai.com/"), "explicit_utm"},
      {visit_of("https://acme.com/?gclid=1", "https://booking.mirai.com/"), "click_id"},
      {visit_of("https://acme.com/", "https://booking.mirai.com/"), "passthrough_fallback"},
      {visit_of("https://acme.com/?fbclid=1", "https://partner-site.com/"), "mapping"},
      {visit_of("https://acme.com/?fbclid=1", "https://m.facebook.com/"), "facebook_click_id"},
      {visit_of("https://acme.com/", "https://chatgpt.com/"), "ai_platform"},
      {visit_of("https://acme.com/", "https://www.google.com/"), "search"},
      {visit_of("https://acme.com/", "https://mail.google.com/"), "email"},
      {visit_of("https://acme.com/", "https://t.co/x"), "social"},
      {visit_of("https://acme.com/", "https://blog.example/", true), "referral"},
      {visit_of("https://acme.com/", "null", true), "continued"},
      {visit_of("https://acme.com/", "null"), "direct"},
  };
  int number = 0;
  for (const auto& [json, name] : cases) {
    const auto found = resolved(json, true);
    BOOST_TEST(found.explanation.size() == static_cast<std::size_t>(++number), json);
    BOOST_TEST(found.explanation.back().name == name);
    BOOST_TEST(found.explanation.back().applied);
  }
}

BOOST_AUTO_TEST_CASE(step_1_compares_registrable_domains) {
  check(step(1, visit_of("https://www.acme.co.uk/", "https://Shop.acme.co.uk/x", true)), true,
        "The visitor was on the same site already: shop.acme.co.uk and www.acme.co.uk belong "
        "together by Mozilla's public suffix list of 2026-08-19. The visit continues its session.",
        R"({"landing_host":"www.acme.co.uk","landing_domain":"acme.co.uk",)"
        R"("referrer_host":"shop.acme.co.uk","referrer_domain":"acme.co.uk"})");
  check(step(1, visit_of("http://localhost/", "https://blog.example/")), false,
        "The visitor came from blog.example, which is another site than localhost by Mozilla's "
        "public suffix list of 2026-08-19.",
        R"({"landing_host":"localhost","landing_domain":null,)"
        R"("referrer_host":"blog.example","referrer_domain":"blog.example"})");
  check(step(1, visit_of("https://acme.com/", "android-app://com.example.mail/")), false,
        "The visitor came from the app com.example.mail, not from the site of acme.com.",
        R"({"landing_host":"acme.com","landing_domain":"acme.com",)"
        R"("referrer_host":"com.example.mail","referrer_domain":null})");
}

BOOST_AUTO_TEST_CASE(a_referrer_that_counts_as_none_says_why) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "The referrer is empty, so it counts as none."},
      {"  ", "The referrer is empty, so it counts as none."},
      {"null", "The referrer is the word \"null\", which browsers send to hide where a visitor "
               "came from, so it counts as none."},
      {"about:blank",
       "The referrer \"about:blank\" is an empty page of the browser, so it counts as none."},
      {"mailto:a@b.com", "The referrer \"mailto:a@b.com\" is not the address of a website, so it "
                         "counts as none."},
      {"chrome-extension://abc/",
       "The referrer \"chrome-extension://abc/\" is the address of an app or of an extension of "
       "the browser and not of a website, so it counts as none."},
      {"undefined", "The referrer \"undefined\" is a word and not an address, so it counts as "
                    "none."},
      {"https://[::", "The referrer \"https://[::\" cannot be read as a web address, so it counts "
                      "as none."},
  };
  for (const auto& [referrer, reason] : cases)
    for (int number : {1, 2, 5, 6, 8, 9, 10, 11, 12})
      BOOST_TEST(step(number, visit_of("https://acme.com/", referrer)).reason == reason);
  BOOST_TEST(step(1, "{" + std::string(home) + "}").reason == "The visit has no referrer.");
  const auto unreadable =
      step(12, visit_of("https://acme.com/", "https://" + std::string(300, '!'))).reason;
  BOOST_TEST(unreadable.find(std::string(192, '!') + "...\" cannot") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(step_2_tells_the_domains_tried_and_the_rules_that_cover) {
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"mirai.com","utm_source":"m"})"));
  const auto kept = step(2, visit_of("https://acme.com/", "https://eu.booking.mirai.com/", true));
  check(kept, true,
        "Passthrough referrer 1 covers booking.mirai.com and so eu.booking.mirai.com, so the visit "
        "keeps the UTM values of its session.",
        R"({"referrer_host":"eu.booking.mirai.com",)"
        R"("domains_tried":["eu.booking.mirai.com","booking.mirai.com"],)"
        R"("covering_domain":"booking.mirai.com","has_session":true})");
  BOOST_TEST(rules_of(kept) == (names{"p1 decided", "p2 less_specific"}),
             boost::test_tools::per_element());
  const auto without = step(2, visit_of("https://acme.com/", "https://mirai.com/"));
  BOOST_TEST(without.reason ==
             "Passthrough referrer 2 covers mirai.com, but the visit has no session to keep.");
  BOOST_TEST(rules_of(without) == names{"p2 needs_session"}, boost::test_tools::per_element());
  const auto other = step(2, visit_of("https://acme.com/", "https://a.blog.example/"));
  check(other, false, "No active passthrough referrer covers a.blog.example.",
        R"({"referrer_host":"a.blog.example","domains_tried":["a.blog.example","blog.example",)"
        R"("example"],"covering_domain":null,"has_session":false})");
  BOOST_TEST(other.rules.empty());
}

BOOST_AUTO_TEST_CASE(step_3_shows_the_utm_values_read) {
  check(step(3, visit_of("https://acme.com/?utm_source=chatgpt.com&utm_term=a+b", "x.com")), true,
        "The landing URL is tagged with UTM parameters, and they win over referrer mappings. The "
        "source is the AI platform ChatGPT.",
        R"({"utm_source":"chatgpt.com","utm_medium":"","utm_campaign":"","utm_term":"a b",)"
        R"("utm_content":""})");
  BOOST_TEST(step(3, visit_of("https://acme.com/?utm_source=", "x.com")).reason ==
             "The landing URL has no UTM parameter with a value.");
}

BOOST_AUTO_TEST_CASE(steps_4_and_7_name_the_click_id) {
  check(step(4, visit_of("https://acme.com/?msclkid=1&gclid=2", "x.com")), true,
        "The landing URL carries gclid, the click ID of google by our list of click ids of "
        "2026-11-24.",
        R"({"click_id_parameter":"gclid"})");
  check(step(4, visit_of("https://acme.com/?fbclid=1", "")), false,
        "The landing URL has no click ID that counts here by our list of click ids of 2026-11-24.",
        R"({"click_id_parameter":null})");
  check(step(7, visit_of("https://acme.com/?fbclid=1", "")), true,
        "The landing URL carries fbclid, the click ID of facebook by our list of click ids of "
        "2026-11-24.",
        R"({"click_id_parameter":"fbclid","referrer_host":null})");
  check(step(7, visit_of("https://acme.com/", "")), false, "The landing URL has no fbclid.",
        R"({"click_id_parameter":null,"referrer_host":null})");
  check(step(7, visit_of("https://acme.com/?fbclid=1", "https://www.google.com/")), false,
        "The landing URL carries fbclid, but the visitor came from www.google.com, which is not "
        "Meta's: a link that was copied from Facebook keeps its click ID.",
        R"({"click_id_parameter":"fbclid","referrer_host":"www.google.com"})");
}

BOOST_AUTO_TEST_CASE(step_5_uses_the_rule_where_there_is_no_session) {
  const auto found = step(5, visit_of("https://acme.com/", "https://booking.mirai.com/"));
  check(found, true,
        "Passthrough referrer 1 covers booking.mirai.com, and there is no session, so the UTM "
        "values of the passthrough referrer are used.",
        R"({"referrer_host":"booking.mirai.com","domains_tried":["booking.mirai.com"],)"
        R"("covering_domain":"booking.mirai.com","has_session":false})");
  BOOST_TEST(rules_of(found) == names{"p1 decided"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(step_6_tells_which_mappings_come_later_and_why) {
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"partner","match_type":"contains",
      "utm_source":"x","priority":100})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":".com","match_type":"ends_with",
      "utm_source":"x","priority":7})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^site\\.","match_type":"regex",
      "utm_source":"x","priority":200})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"www.","match_type":"starts_with",
      "utm_source":"x","is_active":false})"));
  const auto found = step(6, visit_of("https://acme.com/", "https://www.partner-site.com/"));
  check(found, true,
        "Referrer mapping 1 (exact \"partner-site.com\", priority 100) matches "
        "www.partner-site.com. Mapping 2 matches too and has the same priority, but a higher id. "
        "Mapping 3 matches too, but has a lower priority.",
        R"({"referrer_host":"www.partner-site.com",)"
        R"("compared_as":["www.partner-site.com","partner-site.com"]})");
  BOOST_TEST(rules_of(found) == (names{"r1 decided", "r2 same_priority_later", "r3 lower_priority",
                                       "r4 no_match"}),
             boost::test_tools::per_element());
  BOOST_TEST(step(6, visit_of("https://acme.com/", "https://blog.example/")).reason ==
             "No active referrer mapping matches blog.example.");
}

BOOST_AUTO_TEST_CASE(at_most_twenty_rules_are_listed_and_the_others_counted) {
  for (int i = 0; i < 30; ++i)
    BOOST_REQUIRE(one.add_mapping(R"({"match_type":"regex","utm_source":"x","priority":500,
        "referrer_pattern":"^nothing)" +
                                  std::to_string(i) + R"(\\."})"));
  const auto found = step(6, visit_of("https://acme.com/", "https://partner-site.com/"));
  BOOST_TEST(found.rules.size() + static_cast<std::size_t>(found.rules_omitted) >= 1U);
  BOOST_TEST(found.rules.size() <= max_tried_rules);
  BOOST_TEST(rules_of(found).front() == "r1 decided"); // however many were tried before it
  for (int i = 0; i < 25; ++i)
    BOOST_REQUIRE(one.add_mapping(R"({"match_type":"contains","utm_source":"x",
        "referrer_pattern":")" + std::string("partner-site.com").substr(0, 3 + i % 13) +
                                  (i < 13 ? "" : "x") + "\"}"));
  const auto many = step(6, visit_of("https://acme.com/", "https://partner-site.com/"));
  BOOST_TEST(many.rules.size() + static_cast<std::size_t>(many.rules_omitted) >= 14U);
  BOOST_TEST(many.reason.ends_with(
      "Mappings 32, 33, 34 and 10 more match too, but have a lower priority."));
}

BOOST_AUTO_TEST_CASE(step_6_names_the_regular_expressions_that_gave_up) {
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bc]$","match_type":"regex",
      "utm_source":"costly"})"));
  const auto found =
      step(6, visit_of("https://acme.com/", "https://" + std::string(60, 'a') + ".ab.example/"));
  BOOST_TEST(found.reason.ends_with(
      "The regular expression of mapping 2 was too costly for this host and counted as no match."));
  BOOST_TEST(rules_of(found) == names{"r2 gave_up"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(steps_8_to_14_show_what_they_looked_at) {
  check(step(8, visit_of("https://acme.com/", "https://x.com/i/grok?a")), true,
        "x.com belongs to the AI platform Grok by the list of AI platforms of 2026-11-21.",
        R"({"referrer_host":"x.com","list_entry":"x.com/i/grok"})");
  check(step(8, visit_of("https://acme.com/", "https://x.com/home")), false,
        "x.com is not on the list of AI platforms of 2026-11-21.",
        R"({"referrer_host":"x.com","list_entry":null})");
  check(step(9, visit_of("https://acme.com/", "https://www.google.de/")), true,
        "www.google.de is a search engine, Google, by Matomo's list of search engines of "
        "2026-07-15 (entry google.{}).",
        R"({"referrer_host":"www.google.de","list":"search-engines","list_date":"2026-07-15",)"
        R"("list_entry":"google.{}"})");
  check(step(9, visit_of("https://acme.com/", "https://blog.example/")), false,
        "blog.example is no search engine by Matomo's list of search engines of 2026-07-15, with "
        "Headwater's additions and exceptions.",
        R"({"referrer_host":"blog.example","list":null,"list_date":null,"list_entry":null})");
  check(step(10, visit_of("https://acme.com/", "https://mail.google.com/")), true,
        "mail.google.com is a mail host or mail app, Gmail, by our list of webmail and mail apps "
        "of 2026-11-24 (entry mail.google.com).",
        R"({"referrer_host":"mail.google.com","list":"mail","list_date":"2026-11-24",)"
        R"("list_entry":"mail.google.com"})");
  check(step(11, visit_of("https://acme.com/", "https://t.co/x")), true,
        "t.co belongs to a social network, X, by our additions to the social networks of "
        "2026-11-24 (entry t.co).",
        R"({"referrer_host":"t.co","list":"social-additions","list_date":"2026-11-24",)"
        R"("list_entry":"t.co"})");
  check(step(12, visit_of("https://acme.com/", "https://x.test/home")), true,
        "The visitor came from x.test, another site that no rule speaks of.",
        R"({"referrer_host":"x.test","list":null,"list_date":null,"list_entry":null})");
  BOOST_TEST(step(12, visit_of("https://acme.com/", "https://www.youtube.com/"))
                 .reason.ends_with("another site that no rule speaks of. www.youtube.com is a "
                                   "video site, YouTube, by our list of video sites of 2026-11-24 "
                                   "(entry youtube.com)."));
  check(step(13, visit_of("https://acme.com/", "null", true)), true,
        "The referrer is the word \"null\", which browsers send to hide where a visitor came "
        "from, so it counts as none. The visit continues its session.",
        R"({"referrer_host":null,"has_session":true})");
  check(step(13, visit_of("https://acme.com/", "null")), false,
        "The visit has no session to continue.", R"({"referrer_host":null,"has_session":false})");
  check(step(14, visit_of("https://acme.com/", "null")), true,
        "Nothing tells where the visitor came from, so the visit counts as direct.",
        R"({"referrer_host":null,"has_session":false})");
}

BOOST_AUTO_TEST_CASE(a_session_without_values_is_told_to_count_as_direct) {
  const auto json = [](std::string_view referrer) {
    return R"({"url":"https://acme.com/","referrer":")" + std::string(referrer) +
           R"(","session":{}})";
  };
  BOOST_TEST(step(13, json("null"))
                 .reason.ends_with("The visit continues its session, which has no UTM values and "
                                   "so counts as direct."));
  BOOST_TEST(step(2, json("https://booking.mirai.com/"))
                 .reason.ends_with("so the visit keeps its session, which has no UTM values and "
                                   "counts as direct."));
}

BOOST_AUTO_TEST_CASE(a_spam_host_is_told_to_count_as_none) {
  for (int number : {1, 2, 9, 12, 13})
    BOOST_TEST(
        step(number, visit_of("https://acme.com/", "https://semalt.com/", true))
            .reason.starts_with("The referrer semalt.com is on Matomo's list of referrer spam of "
                                "2026-08-20, so it counts as none."));
}

BOOST_AUTO_TEST_CASE(step_12_does_not_say_that_no_rule_speaks_of_a_host_where_a_regex_gave_up) {
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bc]$","match_type":"regex",
      "utm_source":"costly"})"));
  const auto host = std::string(60, 'a') + ".ab.example";
  const auto json = visit_of("https://acme.com/", "https://" + host + "/");
  BOOST_TEST(step(12, json).reason ==
             "The visitor came from " + host +
                 ", another site. No rule decided: the regular expression of mapping 2 was too "
                 "costly for this host and so did not count.");
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bd]$","match_type":"regex",
      "utm_source":"costly"})"));
  BOOST_TEST(step(12, json).reason ==
             "The visitor came from " + host +
                 ", another site. No rule decided: the regular expressions of 2 mappings were too "
                 "costly for this host and so did not count.");
}

BOOST_AUTO_TEST_CASE(tags_without_a_source_tell_whose_they_take) {
  BOOST_TEST(
      step(3, visit_of("https://acme.com/?utm_campaign=c", "https://www.google.de/")).reason ==
      "The landing URL is tagged with UTM parameters, and they win over "
      "referrer mappings. They name no source, so that of the referrer "
      "www.google.de is used, google.");
}

BOOST_AUTO_TEST_CASE(an_account_without_rules_is_told_so) {
  const rule_set none{account_rules{}};
  const auto found =
      resolve(none, platforms, lists, {"https://acme.com/", "https://x.com/", {}}, true);
  BOOST_REQUIRE(found);
  BOOST_TEST(found->explanation[1].reason == "There is no active passthrough referrer.");
  BOOST_TEST(found->explanation[5].reason == "There is no active referrer mapping.");
}

BOOST_AUTO_TEST_CASE(a_drafted_rule_is_named_by_its_place_in_the_draft) {
  draft_marks marks;
  marks.set_first_new(rule_kind<passthrough_referrer>::name, 1);
  marks.add_new(rule_kind<passthrough_referrer>::name, 0);
  marks.set_changed(rule_kind<referrer_mapping>::name, 1, 4);
  const auto json = visit_of("https://acme.com/", "https://booking.mirai.com/");
  const auto added =
      resolve(rule_set(one.rules()), platforms, lists, *parse_visit(json), true, &marks);
  BOOST_REQUIRE(added);
  json_writer out;
  render(out, *added, true);
  BOOST_TEST(out.view().find(R"("rule":{"kind":"passthrough_referrer","id":null,"draft":0})") !=
             std::string::npos);
  BOOST_TEST(out.view().find(R"("rules":[{"kind":"passthrough_referrer","id":null,"draft":0,)"
                             R"("outcome":"decided"}],"rules_omitted":0})") != std::string::npos);
  BOOST_TEST(added->explanation[4].reason.starts_with(
      "New passthrough referrer 0 of the draft covers booking.mirai.com"));
  const auto changed =
      resolve(rule_set(one.rules()), platforms, lists,
              *parse_visit(visit_of("https://acme.com/", "partner-site.com")), true, &marks);
  BOOST_REQUIRE(changed);
  BOOST_TEST((changed->rule ==
              rule_reference{rule_kind<referrer_mapping>::name, 1, draft_place{4, false}}));
  BOOST_TEST(changed->explanation[5].reason.starts_with("Referrer mapping 1 as drafted (exact"));
}

BOOST_AUTO_TEST_SUITE_END()
