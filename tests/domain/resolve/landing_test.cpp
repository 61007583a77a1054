#include "domain/resolve/landing.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace headwater::attribution;

namespace {

utm_values utm(std::string_view query) {
  return read_landing("https://acme.com/page?" + std::string(query)).utm;
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
  BOOST_TEST(read_landing("https://acme.com/utm_source=x").utm.empty());
  BOOST_TEST(read_landing("https://acme.com/#?utm_source=x").utm.empty());
  BOOST_TEST(read_landing("https://acme.com/?a=1#&utm_source=x").utm.empty());
  BOOST_TEST(utm("UTM_SOURCE=x&xutm_source=y&utm_sources=z").empty());
  BOOST_TEST(utm("a?utm_source=x").empty());
  BOOST_TEST(read_landing("").utm.empty());
  BOOST_TEST(utm("&&=&utm_source=x&&").source == "x");
}

BOOST_AUTO_TEST_CASE(each_paid_click_id_names_its_platform) {
  const std::pair<std::string, std::string_view> cases[] = {
      {"gclid", "google"},   {"gbraid", "google"}, {"wbraid", "google"},  {"msclkid", "bing"},
      {"yclid", "yandex"},   {"ttclid", "tiktok"}, {"twclid", "twitter"}, {"li_fat_id", "linkedin"},
      {"ScCid", "snapchat"}, {"rdt_cid", "reddit"}};
  std::set<std::string_view> seen;
  for (const auto& [parameter, source] : cases) {
    const auto found = read_landing("https://acme.com/?" + parameter + "=1");
    BOOST_REQUIRE_MESSAGE(found.paid, parameter);
    BOOST_TEST(found.paid->source == source);
    BOOST_TEST(found.paid->medium == "cpc");
    BOOST_TEST(!found.has_facebook);
    seen.insert(found.paid->parameter);
  }
  BOOST_TEST(seen.size() == paid_click_ids().size());
}

BOOST_AUTO_TEST_CASE(a_click_id_has_a_value_and_its_exact_name) {
  for (std::string_view query : {"gclid=", "gclid", "GCLID=1", "sccid=1", "gclidx=1", "fbclid="}) {
    const auto found = read_landing("https://acme.com/?" + std::string(query));
    BOOST_TEST((!found.paid && !found.has_facebook), query);
  }
  BOOST_TEST(read_landing("https://acme.com/?fbclid=1").has_facebook);
}

BOOST_AUTO_TEST_CASE(of_several_click_ids_the_order_of_the_table_decides) {
  const auto found = read_landing("https://acme.com/?rdt_cid=1&msclkid=2&gclid=3&fbclid=4");
  BOOST_REQUIRE(found.paid);
  BOOST_TEST(found.paid->parameter == "gclid");
  BOOST_TEST(found.has_facebook);
}

BOOST_AUTO_TEST_SUITE_END()
