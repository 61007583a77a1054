#include "domain/resolve/landing.hpp"
#include "resolving.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::faults_of;
using test::resolving_fixture;

namespace {

std::string rendered(const attribution_result& what, bool explain) {
  json_writer out;
  render(out, what, explain);
  return std::move(out).str();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(resolver, resolving_fixture)

BOOST_AUTO_TEST_CASE(each_step_has_its_outcome) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      // 1
      {R"({"url":"https://www.acme.com/","referrer":"https://shop.acme.com/x",
           "session":{"utm_source":"s","utm_medium":"m","utm_term":"t"}})",
       "+internal s/m//t/"},
      {R"({"url":"https://www.acme.com/","referrer":"https://acme.com/"})",
       "internal (direct)/(none)///"},
      {R"({"url":"https://www.acme.com/","referrer":"https://acme.com/","session":{}})",
       "+internal (direct)/(none)///"},
      // 2
      {R"({"url":"https://acme.com/","referrer":"https://booking.mirai.com/pay",
           "session":{"utm_source":"s","utm_medium":"m","utm_campaign":"c","utm_term":"t",
                      "utm_content":"o"}})",
       "+passthrough s/m/c/t/o"},
      {R"({"url":"https://acme.com/","referrer":"https://eu.booking.mirai.com","session":{}})",
       "+passthrough (direct)/(none)///"},
      // 3
      {R"({"url":"https://acme.com/?utm_source=News%20Letter&utm_term=a+b"})",
       "explicit_utm News Letter//"
       "/a b/"},
      {R"({"url":"https://acme.com/?utm_content=x","session":{"utm_source":"s"}})",
       "explicit_utm ////x"},
      // 4
      {R"({"url":"https://acme.com/?gclid=1"})", "click_id google/cpc///"},
      {R"({"url":"https://acme.com/?rdt_cid=1","session":{"utm_source":"s"}})",
       "click_id reddit/cpc///"},
      // 5
      {R"({"url":"https://acme.com/","referrer":"https://booking.mirai.com/"})",
       "passthrough mirai/passthrough/fallback//"},
      // 6
      {R"({"url":"https://acme.com/","referrer":"https://www.partner-site.com/a"})",
       "mapping partner-site/referral///c"},
      // 7
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://l.facebook.com/"})",
       "click_id facebook/social///"},
      {R"({"url":"https://acme.com/?fbclid=1"})", "click_id facebook/social///"},
      // 8
      {R"({"url":"https://acme.com/","referrer":"https://chatgpt.com/"})",
       "ai_platform ChatGPT/ai-assistant///"},
      {R"({"url":"https://acme.com/","referrer":"https://x.com/i/grok?x=1"})",
       "ai_platform Grok/ai-assistant///"},
      {R"({"url":"https://acme.com/","referrer":"android-app://com.anthropic.claude/"})",
       "ai_platform Claude/ai-assistant///"},
      // 9
      {R"({"url":"https://acme.com/","referrer":"https://www.google.co.uk/"})",
       "search google/organic///"},
      {R"({"url":"https://acme.com/","referrer":"https://DuckDuckGo.com/","session":{}})",
       "search duckduckgo/organic///"},
      // 10
      {R"({"url":"https://acme.com/","referrer":"android-app://com.google.android.gm/"})",
       "email gmail/email///"},
      {R"({"url":"https://acme.com/","referrer":"https://mail.yahoo.com/"})",
       "email yahoo mail/email///"},
      // 11
      {R"({"url":"https://acme.com/","referrer":"https://t.co/xyz","session":{"utm_source":"s"}})",
       "social x/social///"},
      {R"({"url":"https://acme.com/","referrer":"https://lm.facebook.com/"})",
       "social facebook/social///"},
      // 12
      {R"({"url":"https://acme.com/","referrer":"https://www.Blog.example:8080/p"})",
       "referral blog.example/referral///"},
      {R"({"url":"https://acme.com/","referrer":"https://www.youtube.com/"})",
       "referral youtube.com/referral///"},
      // 13
      {R"({"url":"https://acme.com/","session":{"utm_source":"s","utm_campaign":"c"}})",
       "+continued s//c//"},
      {R"({"url":"https://acme.com/","referrer":"null","session":{}})",
       "+continued (direct)/(none)///"},
      // 14
      {R"({"url":"https://acme.com/"})", "direct (direct)/(none)///"},
      {R"({"url":"https://acme.com/","referrer":"about:blank","session":null})",
       "direct (direct)/(none)///"},
  };
  for (const auto& [visit, expected] : cases)
    BOOST_TEST(summary(visit) == expected, visit << " gives " << summary(visit));
}

BOOST_AUTO_TEST_CASE(an_earlier_step_beats_the_next_one) {
  BOOST_REQUIRE(one.add_passthrough(R"({"domain":"acme.com","utm_source":"own"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"booking.mirai.com","utm_source":"m"})"));
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"chatgpt.com","utm_source":"gpt"})"));
  const std::pair<std::string_view, std::string_view> cases[] = {
      // 1 before 2: a passthrough rule for the site itself changes nothing; nor do UTMs (3).
      {R"({"url":"https://acme.com/?utm_source=x&gclid=1","referrer":"https://pay.acme.com/",
           "session":{"utm_source":"s"}})",
       "+internal s////"},
      // 2 before 3
      {R"({"url":"https://acme.com/?utm_source=x","referrer":"https://booking.mirai.com/",
           "session":{"utm_source":"s"}})",
       "+passthrough s////"},
      // 3 before 4
      {R"({"url":"https://acme.com/?gclid=1&utm_medium=x"})", "explicit_utm /x///"},
      // 3 before 5: without a session the tags win over the fallback
      {R"({"url":"https://acme.com/?utm_source=x","referrer":"https://booking.mirai.com/"})",
       "explicit_utm x////"},
      // 4 before 5
      {R"({"url":"https://acme.com/?gclid=1","referrer":"https://booking.mirai.com/"})",
       "click_id google/cpc///"},
      // 5 before 6
      {R"({"url":"https://acme.com/","referrer":"https://booking.mirai.com/"})",
       "passthrough mirai/passthrough/fallback//"},
      // 6 before 7
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://partner-site.com/"})",
       "mapping partner-site/referral///c"},
      // 6 before 8
      {R"({"url":"https://acme.com/","referrer":"https://chatgpt.com/"})",
       "mapping gpt/referral///"},
      // 7 before 11, and only for Meta's hosts: a copied link keeps its fbclid
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://m.facebook.com/"})",
       "click_id facebook/social///"},
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://x.com/i/grok"})",
       "ai_platform Grok/ai-assistant///"},
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://www.google.com/"})",
       "search google/organic///"},
      // 8 before 11, and 11 where the list of AI platforms does not speak
      {R"({"url":"https://acme.com/","referrer":"https://x.com/home"})", "social x/social///"},
      // 11 and 12 before 13
      {R"({"url":"https://acme.com/","referrer":"https://x.com/","session":{"utm_source":"s"}})",
       "social x/social///"},
      {R"({"url":"https://acme.com/","referrer":"https://x.test/","session":{"utm_source":"s"}})",
       "referral x.test/referral///"},
      // 13 before 14
      {R"({"url":"https://acme.com/","session":{}})", "+continued (direct)/(none)///"},
  };
  for (const auto& [visit, expected] : cases)
    BOOST_TEST(summary(visit) == expected, visit << " gives " << summary(visit));
}

BOOST_AUTO_TEST_CASE(inactive_rules_do_not_take_part) {
  BOOST_REQUIRE(one.patch_passthrough(1, R"({"is_active":false})"));
  BOOST_REQUIRE(one.patch_mapping(1, R"({"is_active":false})"));
  BOOST_TEST(summary(R"({"url":"https://acme.com/","referrer":"https://booking.mirai.com/",
      "session":{"utm_source":"s"}})") == "referral booking.mirai.com/referral///");
  BOOST_TEST(summary(R"({"url":"https://acme.com/","referrer":"https://partner-site.com/"})") ==
             "referral partner-site.com/referral///");
}

BOOST_AUTO_TEST_CASE(the_result_names_rule_host_and_platform) {
  const auto passthrough = resolved(
      R"({"url":"https://acme.com/","referrer":"https://booking.mirai.com/","session":{}})");
  BOOST_TEST((passthrough.rule == rule_reference{"passthrough_referrer", 1}));
  const auto mapping =
      resolved(R"({"url":"https://acme.com/","referrer":"https://www.Partner-Site.com/"})");
  BOOST_TEST((mapping.rule == rule_reference{"referrer_mapping", 1}));
  BOOST_TEST(mapping.referrer_host.value() == "www.partner-site.com");
  BOOST_TEST(!mapping.ai_platform.has_value());
  const auto tagged =
      resolved(R"({"url":"https://acme.com/?utm_source=chatgpt.com","referrer":"x y"})");
  BOOST_TEST(tagged.ai_platform.value() == "ChatGPT");
  BOOST_TEST(!tagged.referrer_host.has_value());
  BOOST_TEST(!tagged.rule.has_value());
  const auto other =
      resolved(R"({"url":"https://acme.com/?utm_source=news","referrer":"https://chatgpt.com/"})");
  BOOST_TEST(!other.ai_platform.has_value());
}

BOOST_AUTO_TEST_CASE(a_result_is_rendered_in_the_contracts_order) {
  BOOST_TEST(
      rendered(resolved(R"({"url":"https://acme.com/",
      "referrer":"https://www.partner-site.com/"})"),
               false) ==
      R"({"outcome":"mapping","continues_session":false,"utm":{"utm_source":"partner-site",)"
      R"("utm_medium":"referral","utm_campaign":"","utm_term":"","utm_content":"c"},)"
      R"("rule":{"kind":"referrer_mapping","id":1},"referrer_host":"www.partner-site.com",)"
      R"("ai_platform":null,"source_name":"partner-site","channel":"Referral","click_id":null})");
  BOOST_TEST(rendered(resolved(R"({"url":"https://acme.com/"})", true), false) ==
             R"~({"outcome":"direct","continues_session":false,"utm":{"utm_source":"(direct)",)~"
             R"~("utm_medium":"(none)","utm_campaign":"","utm_term":"","utm_content":""},)~"
             R"~("rule":null,"referrer_host":null,"ai_platform":null,"source_name":"(direct)",)~"
             R"~("channel":"Direct","click_id":null})~");
}

BOOST_AUTO_TEST_CASE(a_regex_that_gives_up_is_counted) {
  BOOST_REQUIRE(one.add_mapping(R"({"referrer_pattern":"^(a+)+[bc]$","match_type":"regex",
      "utm_source":"costly"})"));
  const auto found = resolved(R"({"url":"https://acme.com/","referrer":"https://)" +
                              std::string(60, 'a') + R"(.ab.example/"})");
  BOOST_TEST((found.outcome == outcome::referral));
  BOOST_TEST(found.regex_limit_hits == std::vector<std::int64_t>{2},
             boost::test_tools::per_element());
  BOOST_TEST(one.mapping(2).compiled.regex->limit_hits() == 1U);
}

BOOST_AUTO_TEST_CASE(own_domains_are_internal_whatever_the_landing_host) {
  attribution_settings settings;
  settings.own_domains = {"acme.de", "acme.shop"};
  one.set(settings);
  BOOST_TEST(summary(R"({"url":"https://acme.com/","referrer":"https://www.acme.de/x",
      "session":{"utm_source":"s"}})") == "+internal s////");
  BOOST_TEST(summary(R"({"url":"https://acme.com/?utm_source=x","referrer":"acme.shop"})") ==
             "internal (direct)/(none)///");
  BOOST_TEST(summary(R"({"url":"https://acme.com/","referrer":"https://notacme.de/"})") ==
             "referral notacme.de/referral///");
  BOOST_TEST(resolved(R"({"url":"https://acme.com/","referrer":"https://www.acme.de/x"})", true)
                 .explanation.front()
                 .reason == "The visitor was on the same site already: www.acme.de is one of the "
                            "account's own domains. There is no session, so one starts as direct.");
}

BOOST_AUTO_TEST_CASE(a_session_survives_the_3d_secure_page_of_a_bank_that_no_rule_knows) {
  attribution_settings settings;
  settings.return_paths = {"/booking", "/checkout"};
  one.set(settings);
  const auto visit = [](std::string_view path, std::string_view session) {
    return R"({"url":"https://acme.com)" + std::string(path) +
           R"(","referrer":"https://acs.somebank.example/challenge")" + std::string(session) + "}";
  };
  constexpr std::string_view session = R"(,"session":{"utm_source":"s","utm_medium":"email"})";
  for (std::string_view path :
       {"/checkout/thanks", "/checkout", "/checkout/?utm_source=bank&gclid=1", "//checkout//thanks",
        "/x/../%63heckout/thanks", "/checkout/./thanks#top"})
    BOOST_TEST(summary(visit(path, session)) == "+passthrough s/email///", path);
  for (std::string_view path : {"/", "/checkout-help", "/checkout%2F..", "/checkout/../shop",
                                "/checkout/%2e%2e/", "/Checkout", "/?x=/checkout"})
    BOOST_TEST(summary(visit(path, session)) == "referral acs.somebank.example/referral///", path);
  BOOST_TEST(summary(visit("/checkout/thanks", "")) == "referral acs.somebank.example/referral///");
  BOOST_TEST(summary(visit("/checkout", R"(,"session":{})")) == "+passthrough (direct)/(none)///");

  const auto found = resolved(visit("/checkout/thanks", session), true);
  BOOST_TEST(rendered(found, false)
                 .find(R"("rule":{"kind":"return_path","id":null,"path":"/checkout"})") !=
             std::string::npos);
  BOOST_TEST(to_string(found.channel) == "Email");
  BOOST_REQUIRE(found.explanation.size() == 2U);
  BOOST_TEST(found.explanation[1].reason ==
             "The visitor came back from acs.somebank.example to a page below \"/checkout\", one "
             "of the account's return paths, so the visit keeps the UTM values of its session.");
  BOOST_TEST(resolved(visit("/checkout", ""), true).explanation[1].reason ==
             "No active passthrough referrer covers acs.somebank.example. The landing page is "
             "below the return path \"/checkout\", but the visit has no session to keep.");
  // A visit without a referrer goes on anyway, and a rule for the bank comes first.
  BOOST_TEST(summary(R"({"url":"https://acme.com/checkout","session":{"utm_source":"s"}})") ==
             "+continued s////");
  BOOST_TEST(resolved(R"({"url":"https://acme.com/checkout","referrer":"https://booking.mirai.com/",
      "session":{}})")
                 .rule->kind == "passthrough_referrer");
}

BOOST_AUTO_TEST_CASE(settings_choose_the_medium_of_ai_spam_and_parameters) {
  attribution_settings settings;
  settings.ai_medium = "llm";
  settings.drop_spam = false;
  settings.campaign_parameters = {campaign_family::utm, campaign_family::ref};
  one.set(settings);
  const auto ai = resolved(R"({"url":"https://acme.com/","referrer":"https://chatgpt.com/"})");
  BOOST_TEST(ai.utm.medium == "llm");
  BOOST_TEST(to_string(ai.channel) == "AI Assistant");
  BOOST_TEST(summary(R"({"url":"https://acme.com/","referrer":"https://semalt.com/"})") ==
             "referral semalt.com/referral///");
  BOOST_TEST(summary(R"({"url":"https://acme.com/?ref=producthunt"})") ==
             "explicit_utm producthunt////");
}

BOOST_AUTO_TEST_CASE(basic_classification_knows_no_kinds_and_names_sources_all_the_same) {
  attribution_settings settings;
  settings.classification = classification::basic;
  one.set(settings);
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"url":"https://acme.com/","referrer":"https://www.google.com/"})",
       "referral www.google.com/referral///"},
      {R"({"url":"https://acme.com/","referrer":"https://mail.google.com/"})",
       "referral mail.google.com/referral///"},
      {R"({"url":"https://acme.com/","referrer":"https://t.co/"})", "referral t.co/referral///"},
      {R"({"url":"https://acme.com/","referrer":"https://chatgpt.com/"})",
       "ai_platform ChatGPT/ai///"},
      {R"({"url":"https://acme.com/?fbclid=1","referrer":"https://chatgpt.com/"})",
       "click_id facebook/social///"},
      {R"({"url":"https://acme.com/?dclid=1"})", "direct (direct)/(none)///"},
      {R"({"url":"https://acme.com/?utm_term=t","referrer":"https://www.google.com/"})",
       "explicit_utm ///t/"},
      {R"({"url":"https://acme.com/","session":{}})", "+continued ////"},
      {R"({"url":"https://acme.com/","referrer":"https://semalt.com/"})",
       "direct (direct)/(none)///"},
  };
  for (const auto& [visit, expected] : cases)
    BOOST_TEST(summary(visit) == expected, visit << " gives " << summary(visit));
  const auto google =
      resolved(R"({"url":"https://acme.com/","referrer":"https://www.google.com/"})", true);
  BOOST_TEST(google.source_name() == "Google");
  BOOST_TEST(to_string(google.channel) == "Organic Search");
  BOOST_TEST(google.explanation[8].reason == "The account's classification is basic, so search "
                                             "engines have no step of their own.");
  const auto mail =
      resolved(R"({"url":"https://acme.com/","referrer":"https://mail.google.com/"})");
  BOOST_TEST(to_string(mail.channel) == "Email");
  const auto empty = resolved(R"({"url":"https://acme.com/","session":{}})");
  BOOST_TEST(empty.source_name() == "(direct)");
  BOOST_TEST(to_string(empty.channel) == "Direct");
}

BOOST_AUTO_TEST_CASE(an_ai_platform_is_known_by_the_host_that_all_steps_read) {
  for (const auto* referrer :
       {R"(https:\\\\chatgpt.com)", "https:chatgpt.com", "http:////chatgpt.com/",
        R"(\\\\chatgpt.com)", R"(https://chatgpt.com\\a)", "https://user@chatgpt.com:8443/x"}) {
    const auto visit =
        R"({"url":"https://acme.com/","referrer":")" + std::string(referrer) + R"("})";
    BOOST_TEST(summary(visit) == "ai_platform ChatGPT/ai-assistant///", visit);
  }
}

BOOST_AUTO_TEST_CASE(a_page_of_a_very_long_path_is_below_no_return_path) {
  attribution_settings settings;
  settings.return_paths = {"/checkout"};
  const auto page = [](std::size_t bytes) {
    return "https://acme.com/checkout/" + std::string(bytes - 10, 'a');
  };
  BOOST_TEST(return_path_at(settings, page(longest_page_path)));
  BOOST_TEST(!return_path_at(settings, page(longest_page_path + 1)));
  BOOST_TEST(!return_path_at({}, page(20)));
  BOOST_TEST(shown_path(page(longest_page_path * 1'000)).size() == longest_page_path);
}

BOOST_AUTO_TEST_CASE(the_click_id_of_the_landing_url_is_named_whatever_decides) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({"url":"https://acme.com/?gclid=SECRET"})", "gclid"},
      {R"({"url":"https://acme.com/?utm_source=a&fbclid=SECRET&msclkid=SECRET"})", "msclkid"},
      {R"({"url":"https://acme.com/?fbclid=SECRET","referrer":"https://www.google.com/"})",
       "fbclid"},
      {R"({"url":"https://acme.com/?utm_source=a"})", ""},
  };
  for (const auto& [visit, expected] : cases) {
    const auto found = resolved(visit, true);
    BOOST_TEST(found.click_id == expected, visit);
    BOOST_TEST(rendered(found, true).find("SECRET") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_visit_without_a_usable_url_is_a_fault_of_that_field) {
  for (std::string_view url : {"", "/page", "ftp://acme.com/", "page.html"}) {
    const auto found = resolve(rule_set(one.rules()), platforms, lists,
                               {std::string(url), "https://x.com/", utm_values{}}, true);
    BOOST_REQUIRE(!found);
    BOOST_TEST((found.error().code == errc::validation_error));
    BOOST_TEST(faults_of(found.error()).front() == "body.url: value_error");
  }
}

BOOST_AUTO_TEST_SUITE_END()
