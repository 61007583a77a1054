#include "account.hpp"
#include "domain/rules/settings_fields.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::account;
using test::faults_of;

namespace {

using names = std::vector<std::string>;

/// "field: type" of each fault of a PATCH.
names refusals(std::string_view json, bool strict = false) {
  account one;
  const auto decided = one.patch_settings(json, strict);
  BOOST_REQUIRE_MESSAGE(!decided, json);
  BOOST_TEST((decided.error().code == errc::validation_error));
  BOOST_TEST(one.rules().version() == 0u);
  return faults_of(decided.error());
}

attribution_settings after(std::string_view json) {
  account one;
  const auto decided = one.patch_settings(json);
  BOOST_REQUIRE_MESSAGE(decided, json << (decided ? "" : decided.error().message));
  return one.rules().settings();
}

std::string shown(const account_rules& rules) {
  json_writer out;
  write_resource(out, rules.settings(), "acme");
  return std::move(out).str();
}

std::string list_of(std::size_t count, std::string_view name) {
  std::string out = R"({")" + std::string(name) + R"(":[)";
  for (std::size_t i = 0; i < count; ++i)
    out += (i == 0 ? R"("/a)" : R"(,"/a)") + std::to_string(i) + R"(.example")";
  return out + "]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(fields_of_settings)

BOOST_AUTO_TEST_CASE(what_get_shows_can_be_patched_back_whole) {
  account one;
  BOOST_TEST(shown(one.rules()) ==
             R"({"account_id":"acme","own_domains":[],"return_paths":[],)"
             R"("campaign_parameters":["utm"],"ai_medium":"ai-assistant","drop_spam":true,)"
             R"("classification":"full","timezone":"UTC","currency":null})");
  BOOST_TEST(!one.patch_settings(shown(one.rules())).value().event);
  one.patch_settings(R"({"own_domains":["b.example","a.example"],"return_paths":["/k ü/"],
      "campaign_parameters":["pk","utm"],"ai_medium":" ai ","drop_spam":false,
      "classification":"basic","timezone":"Europe/Berlin","currency":"EUR"})")
      .value();
  BOOST_TEST(shown(one.rules()) ==
             R"({"account_id":"acme","own_domains":["a.example","b.example"],)"
             R"("return_paths":["/k%20%C3%BC"],"campaign_parameters":["utm","pk"],)"
             R"("ai_medium":"ai","drop_spam":false,"classification":"basic",)"
             R"("timezone":"Europe/Berlin","currency":"EUR"})");
  const auto again = one.patch_settings(shown(one.rules()), true).value();
  BOOST_TEST(!again.event);
  BOOST_TEST(again.ignored_fields.empty());
  account other;
  other.patch_settings(shown(one.rules())).value();
  BOOST_TEST((other.rules().settings() == one.rules().settings()));
}

BOOST_AUTO_TEST_CASE(null_leaves_every_setting_as_it_is_but_the_currency) {
  account one;
  one.patch_settings(R"({"own_domains":["a.example"],"return_paths":["/x"],"currency":"EUR",
      "campaign_parameters":["utm","ref"],"ai_medium":"ai","drop_spam":false,
      "classification":"basic","timezone":"Europe/Berlin"})")
      .value();
  const auto before = one.rules().settings();
  BOOST_TEST(!one.patch_settings(R"({"own_domains":null,"return_paths":null,"ai_medium":null,
      "campaign_parameters":null,"drop_spam":null,"classification":null,"timezone":null})")
                  .value()
                  .event);
  BOOST_TEST((one.rules().settings() == before));
  one.patch_settings(R"({"currency":null})").value();
  auto expected = before;
  expected.currency.reset();
  BOOST_TEST((one.rules().settings() == expected));
}

BOOST_AUTO_TEST_CASE(domains_are_stored_as_those_of_passthrough_referrers) {
  const auto settings =
      after(R"({"own_domains":["https://Shop.Example/","München.example"," b.example ",
                               "shop.example","localhost.example"]})");
  BOOST_TEST((settings.own_domains ==
              names{"b.example", "localhost.example", "shop.example", "xn--mnchen-3ya.example"}));
}

BOOST_AUTO_TEST_CASE(an_own_domain_is_the_whole_site_and_no_suffix_of_everybody) {
  BOOST_TEST(
      (after(R"({"own_domains":["https://www.acme.de/","acme.de","www.www.de"]})").own_domains ==
       names{"acme.de", "www.de"}));
  BOOST_TEST((refusals(R"({"own_domains":["a.example","co.uk","https://www.co.uk/"]})") ==
              names{"body.own_domains[1]: value_error", "body.own_domains[2]: value_error"}));
}

BOOST_AUTO_TEST_CASE(each_domain_that_is_none_is_named_by_its_place) {
  BOOST_TEST((refusals(R"({"own_domains":["a.example","localhost","192.0.2.7","a.example/x",
                                          "*.a.example","a.example:8080","","a..b",7,null]})") ==
              names{"body.own_domains[8]: string_type", "body.own_domains[9]: string_type"}));
  BOOST_TEST((refusals(R"({"own_domains":["a.example","localhost","192.0.2.7","a.example/x",
                                          "*.a.example","a.example:8080","","a..b"]})") ==
              names{"body.own_domains[1]: value_error", "body.own_domains[2]: value_error",
                    "body.own_domains[3]: value_error", "body.own_domains[4]: value_error",
                    "body.own_domains[5]: value_error", "body.own_domains[6]: value_error",
                    "body.own_domains[7]: value_error"}));
  BOOST_TEST((refusals(R"({"own_domains":[")" + std::string(100'000, 'a') + R"(.example"]})") ==
              names{"body.own_domains[0]: value_error"}));
  BOOST_TEST((refusals(R"({"own_domains":"a.example"})") == names{"body.own_domains: list_type"}));
}

BOOST_AUTO_TEST_CASE(return_paths_are_stored_as_browsers_write_them) {
  const auto settings = after(
      R"({"return_paths":["/","/checkout/","/checkout"," /a/b ","/küche","/k%c3%bcche","/a%zz","/a.b/..c","/%63art","/%7ejohn/%2f"]})");
  BOOST_TEST((settings.return_paths == names{"/", "/a%25zz", "/a.b/..c", "/a/b", "/cart",
                                             "/checkout", "/k%C3%BCche", "/~john/%2F"}));
  const auto longest = "/" + std::string(511, 'x');
  BOOST_TEST((after(R"({"return_paths":[")" + longest + R"("]})").return_paths == names{longest}));
}

BOOST_AUTO_TEST_CASE(each_path_that_is_none_is_named_by_its_place) {
  BOOST_TEST((refusals(R"({"return_paths":["checkout","https://a.example/x","/a?b","/a#b","/a//b",
      "/a/../b","/a/%2E%2e","/a/.","/checkout/*","/a\\b","/a\u0000","","//","/\u0001"]})") == [] {
    names all;
    for (int i = 0; i < 14; ++i)
      all.push_back("body.return_paths[" + std::to_string(i) + "]: value_error");
    return all;
  }()));
  BOOST_TEST(
      (refusals(R"({"return_paths":["/)" + std::string(512, 'x') + R"(","/)" +
                std::string(300'000, 'x') + R"("]})") ==
       names{"body.return_paths[0]: string_too_long", "body.return_paths[1]: string_too_long"}));
}

BOOST_AUTO_TEST_CASE(a_list_has_at_most_a_hundred_items) {
  BOOST_TEST(after(list_of(100, "return_paths")).return_paths.size() == 100u);
  BOOST_TEST((refusals(list_of(101, "return_paths")) == names{"body.return_paths: too_long"}));
  BOOST_TEST((refusals(list_of(40'000, "own_domains")) == names{"body.own_domains: too_long"}));
}

BOOST_AUTO_TEST_CASE(utm_is_always_among_the_campaign_parameters) {
  BOOST_TEST(
      (after(R"({"campaign_parameters":["utm_id","ref","utm","ref"]})").campaign_parameters ==
       std::vector{campaign_family::utm, campaign_family::ref, campaign_family::utm_id}));
  for (const auto* json : {R"({"campaign_parameters":[]})", R"({"campaign_parameters":["ref"]})"})
    BOOST_TEST((refusals(json) == names{"body.campaign_parameters: value_error"}));
  BOOST_TEST((refusals(R"({"campaign_parameters":["utm","UTM","gclid"]})") ==
              names{"body.campaign_parameters[1]: enum", "body.campaign_parameters[2]: enum"}));
}

BOOST_AUTO_TEST_CASE(all_faults_of_a_patch_come_at_once_in_the_order_of_the_fields) {
  BOOST_TEST(
      (refusals(R"({"currency":"eur","timezone":"Berlin time","classification":"ga4",
      "drop_spam":"yes","ai_medium":"  ","campaign_parameters":["ref"],"return_paths":["x"],
      "own_domains":["x"],"sites":[]})",
                true) ==
       names{"body.own_domains[0]: value_error", "body.return_paths[0]: value_error",
             "body.campaign_parameters: value_error", "body.ai_medium: string_too_short",
             "body.drop_spam: bool_type", "body.classification: enum", "body.timezone: value_error",
             "body.currency: string_pattern_mismatch", "body.sites: extra_forbidden"}));
  BOOST_TEST((refusals(R"({"ai_medium":"a\nb","timezone":"","currency":"EURO"})") ==
              names{"body.ai_medium: value_error", "body.timezone: string_too_short",
                    "body.currency: string_pattern_mismatch"}));
  BOOST_TEST((refusals(R"({"ai_medium":")" + std::string(65, 'x') + R"(","ai_medium":"x"})") ==
              names{"body.ai_medium: value_error"}));
}

BOOST_AUTO_TEST_CASE(unknown_members_are_ignored_and_named) {
  account one;
  const auto decided = one.patch_settings(R"({"ai_medium":"ai","sites":[],"account_id":"x"})");
  BOOST_TEST((decided.value().ignored_fields == names{"sites"}));
}

BOOST_AUTO_TEST_CASE(a_precondition_is_that_of_the_settings_alone) {
  account one;
  const auto matching = [](std::string tag) {
    preconditions out;
    out.match.emplace().strong.push_back(std::move(tag));
    return out;
  };
  BOOST_TEST(one.patch_settings(R"({"ai_medium":"1"})", false, matching("0")).has_value());
  one.add_mapping(R"({"referrer_pattern":"a.example","utm_source":"1"})").value();
  BOOST_TEST(one.rules().settings_revision() == 1u);
  const auto stale = one.patch_settings(R"({"ai_medium":"2"})", false, matching("0"));
  BOOST_TEST((!stale && stale.error().code == errc::precondition_failed));
  BOOST_TEST(one.patch_settings(R"({"ai_medium":"2"})", false, matching("1")).has_value());
  BOOST_TEST(one.rules().settings_revision() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()
