#include "domain/rules/attribution_settings.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater::attribution;

namespace {

std::string path_of(const attribution_settings& settings, std::string_view url) {
  const auto* found = return_path_of(settings, url);
  return found ? *found : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(settings_of_attribution)

BOOST_AUTO_TEST_CASE(defaults_are_those_of_the_contract) {
  const attribution_settings fresh;
  BOOST_TEST(fresh.own_domains.empty());
  BOOST_TEST(fresh.return_paths.empty());
  BOOST_TEST((fresh.campaign_parameters == std::vector{campaign_family::utm}));
  BOOST_TEST(fresh.ai_medium == "ai-assistant");
  BOOST_TEST(fresh.drop_spam);
  BOOST_TEST((fresh.classification == classification::full));
  BOOST_TEST(fresh.timezone == "UTC");
  BOOST_TEST(!fresh.currency);
  BOOST_TEST((*default_settings() == fresh));
}

BOOST_AUTO_TEST_CASE(an_own_domain_has_its_subdomains_and_nothing_that_only_ends_alike) {
  attribution_settings settings;
  settings.own_domains = {"shop.example", "b.c.example"};
  for (const auto* host : {"shop.example", "www.shop.example", "a.b.shop.example", "b.c.example"})
    BOOST_TEST(is_own(settings, host), host);
  for (const auto* host : {"notshop.example", "shop.example.evil.test", "example", "c.example", "",
                           ".example", "hop.example"})
    BOOST_TEST(!is_own(settings, host), host);
  BOOST_TEST(!is_own({}, "shop.example"));
}

BOOST_AUTO_TEST_CASE(a_return_path_has_what_is_below_it_at_a_segment_boundary) {
  attribution_settings settings;
  settings.return_paths = {"/checkout", "/de/kasse"};
  for (const auto* url :
       {"https://shop.example/checkout", "https://shop.example/checkout/",
        "https://shop.example/checkout/thanks?order=1", "https://shop.example/checkout?x=/",
        "https://shop.example/checkout#top", "//shop.example/checkout", "shop.example/checkout/a",
        "shop.example:8080/checkout", "HTTPS://shop.example:8443/checkout",
        "https:///shop.example/checkout", "https:\\\\shop.example\\checkout\\thanks",
        "https://u:p@shop.example/checkout"})
    BOOST_TEST(path_of(settings, url) == "/checkout", url);
  for (const auto* url :
       {"https://shop.example/", "https://shop.example", "https://shop.example/checkouts",
        "https://shop.example/a/checkout", "https://shop.example/Checkout",
        "https://shop.example/?/checkout", "https://shop.example#/checkout",
        "https://checkout/thanks", "https://shop.example//checkout", "checkout", "", "/checkout",
        "https://"})
    BOOST_TEST(path_of(settings, url) == "none", url);
  BOOST_TEST(path_of(settings, "https://shop.example/de/kasse/danke") == "/de/kasse");
}

BOOST_AUTO_TEST_CASE(the_longest_return_path_is_named) {
  attribution_settings settings;
  settings.return_paths = {"/", "/checkout", "/checkout/3ds"};
  BOOST_TEST(path_of(settings, "https://shop.example/checkout/3ds/done") == "/checkout/3ds");
  BOOST_TEST(path_of(settings, "https://shop.example/checkout/3dsx") == "/checkout");
  BOOST_TEST(path_of(settings, "https://shop.example/other") == "/");
  BOOST_TEST(path_of(settings, "https://shop.example") == "/");
  BOOST_TEST(path_of(settings, "https://shop.example?x=1") == "/");
}

BOOST_AUTO_TEST_CASE(letters_of_escapes_may_be_small) {
  attribution_settings settings;
  settings.return_paths = {"/k%C3%BCche"};
  BOOST_TEST(path_of(settings, "https://shop.example/k%c3%bcche/x") == "/k%C3%BCche");
  BOOST_TEST(path_of(settings, "https://shop.example/K%C3%BCche/x") == "none");
  BOOST_TEST(path_of(settings, "https://shop.example/k%C3%BC") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
