#include "domain/resolve/landing.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace headwater::attribution;

namespace {

landing read(std::string_view url, const attribution_settings& settings = {}) {
  return read_landing(url, *source_lists::shipped(), settings);
}

utm_values utm(std::string_view query, const attribution_settings& settings = {}) {
  return read("https://acme.com/page?" + std::string(query), settings).utm;
}

/// "source/medium/campaign/term/content" where these families count.
std::string summary(std::string_view query, std::vector<campaign_family> families) {
  attribution_settings settings;
  settings.campaign_parameters = std::move(families);
  const auto found = utm(query, settings);
  return found.source + "/" + found.medium + "/" + found.campaign + "/" + found.term + "/" +
         found.content;
}

} // namespace

BOOST_AUTO_TEST_SUITE(landing_urls)

BOOST_AUTO_TEST_CASE(the_five_utm_values_are_read) {
  const auto found = utm("utm_source=a&utm_medium=b&x=y&utm_campaign=c&utm_term=d&utm_content=e");
  BOOST_TEST((found == utm_values{"a", "b", "c", "d", "e"}));
}

BOOST_AUTO_TEST_CASE(values_are_decoded_and_keep_their_case) {
  BOOST_TEST(utm("utm_source=News%20Letter+X").source == "News Letter X");
  BOOST_TEST(utm("utm_source=caf%C3%A9").source == "caf\xC3\xA9");
  BOOST_TEST(utm("utm_source=a%2Bb%26c%3Dd").source == "a+b&c=d");
  BOOST_TEST(utm("utm_source=a=b").source == "a=b");
  BOOST_TEST(utm("utm%5Fsource=x").source == "x");
  BOOST_TEST(utm("utm_source=%FF").source == "\xEF\xBF\xBD");
  BOOST_TEST(utm("utm_source=100%").source == "100%");
}

BOOST_AUTO_TEST_CASE(the_first_of_duplicates_counts_even_if_empty) {
  BOOST_TEST(utm("utm_source=one&utm_source=two").source == "one");
  BOOST_TEST(utm("utm_source=&utm_source=two").source == "");
  BOOST_TEST(utm("utm_source&utm_source=two").source == "");
}

BOOST_AUTO_TEST_CASE(parameters_elsewhere_do_not_count) {
  BOOST_TEST(read("https://acme.com/utm_source=x").utm.empty());
  BOOST_TEST(read("https://acme.com/#?utm_source=x").utm.empty());
  BOOST_TEST(read("https://acme.com/?a=1#&utm_source=x").utm.empty());
  BOOST_TEST(utm("UTM_SOURCE=x&xutm_source=y&utm_sources=z").empty());
  BOOST_TEST(utm("a?utm_source=x").empty());
  BOOST_TEST(read("").utm.empty());
  BOOST_TEST(utm("&&=&utm_source=x&&").source == "x");
}

BOOST_AUTO_TEST_CASE(each_paid_click_id_names_its_platform) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"gclid", "google"},   {"gbraid", "google"}, {"wbraid", "google"},  {"msclkid", "bing"},
      {"yclid", "yandex"},   {"ttclid", "tiktok"}, {"twclid", "twitter"}, {"li_fat_id", "linkedin"},
      {"ScCid", "snapchat"}, {"rdt_cid", "reddit"}};
  attribution_settings basic;
  basic.classification = classification::basic;
  for (const auto& [parameter, source] : cases)
    for (const auto& settings : {attribution_settings(), basic}) {
      const auto found = read("https://acme.com/?" + parameter + "=1", settings);
      BOOST_REQUIRE_MESSAGE(found.click, parameter);
      BOOST_TEST(found.click->source == source);
      BOOST_TEST(found.click->medium == "cpc");
      BOOST_TEST(!found.has_facebook);
    }
  BOOST_TEST(read("https://acme.com/?dclid=1").click->medium == "display");
  BOOST_TEST(!read("https://acme.com/?dclid=1", basic).click);
}

BOOST_AUTO_TEST_CASE(each_click_id_of_the_list_is_read) {
  for (const auto& each : source_lists::shipped()->click_ids())
    BOOST_TEST((read("https://acme.com/?" + std::string(each.parameter) + "=1").click == &each),
               each.parameter);
}

BOOST_AUTO_TEST_CASE(a_click_id_has_a_value_and_its_exact_name) {
  for (std::string_view query : {"gclid=", "gclid", "GCLID=1", "gclidx=1", "fbclid="}) {
    const auto found = read("https://acme.com/?" + std::string(query));
    BOOST_TEST((!found.click && !found.has_facebook), query);
  }
  BOOST_TEST(read("https://acme.com/?fbclid=1").has_facebook);
}

BOOST_AUTO_TEST_CASE(of_several_click_ids_the_order_of_the_table_decides) {
  const auto found = read("https://acme.com/?rdt_cid=1&msclkid=2&gclid=3&fbclid=4");
  BOOST_REQUIRE(found.click);
  BOOST_TEST(found.click->parameter == "gclid");
  BOOST_TEST(found.has_facebook);
}

BOOST_AUTO_TEST_CASE(other_parameters_name_a_campaign_on_demand) {
  using enum campaign_family;
  const std::string_view query = "ref=r&source=s&mtm_source=m&mtm_campaign=mc&mtm_kwd=k&pk_source=p"
                                 "&pk_medium=pm&pk_campaign=pc&pk_content=po&utm_id=7";
  BOOST_TEST(summary(query, {utm}) == "////");
  BOOST_TEST(summary(query, {utm, ref}) == "r////");
  BOOST_TEST(summary(query, {utm, source}) == "s////");
  BOOST_TEST(summary(query, {utm, mtm}) == "m//mc/k/");
  BOOST_TEST(summary(query, {utm, pk}) == "p/pm/pc//po");
  BOOST_TEST(summary(query, {utm, utm_id}) == "//7//");
  BOOST_TEST(summary(query, {utm, ref, source, mtm, pk, utm_id}) == "m/pm/mc/k/po");
  BOOST_TEST(summary("ref=r&utm_source=u", {utm, ref}) == "u////");
  BOOST_TEST(summary("ref=r&utm_source=", {utm, ref}) == "r////");
  BOOST_TEST(summary("ref=&ref=a+b", {utm, ref}) == "a b////");
  BOOST_TEST(summary("ref=one&ref=two", {ref}) == "one////");
  BOOST_TEST(summary("utm_source=u&ref=r", {ref}) == "r////");
  BOOST_TEST(summary("utm_id=7&utm_campaign=c", {utm, utm_id}) == "//c//");
}

BOOST_AUTO_TEST_CASE(a_path_has_one_plain_form) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://acme.com", "/"},
      {"https://acme.com?x=/a", "/"},
      {"acme.com/checkout", "/checkout"},
      {"//acme.com/checkout/?x#y", "/checkout/"},
      {"https://acme.com:8443/checkout/thanks", "/checkout/thanks"},
      {"HTTPS:/\\acme.com\\checkout", "/checkout"},
      {"https://acme.com//checkout///x", "/checkout/x"},
      {"https://acme.com/./checkout/../shop", "/shop"},
      {"https://acme.com/checkout/%2e%2E/shop", "/shop"},
      {"https://acme.com/a/../..//../checkout", "/checkout"},
      {"https://acme.com/checkout/..", "/"},
      {"https://acme.com/checkout/.", "/checkout/"},
      {"https://acme.com/%63heck%6fut", "/checkout"},
      {"https://acme.com/checkout%2f..", "/checkout%2F.."},
      {"https://acme.com/checkout%2F%2e%2e%2Fshop", "/checkout%2F..%2Fshop"},
      {"https://acme.com/a b\xC3\xBC%zz%", "/a%20b%C3%BC%25zz%25"},
      {"https://acme.com/..", "/"},
      {"https://acme.com/...", "/..."},
  };
  for (const auto& [url, path] : cases)
    BOOST_TEST(plain_path(url) == path, url << " is " << plain_path(url));
}

BOOST_AUTO_TEST_SUITE_END()
