#include "http/openapi/openapi_tables.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidjson/document.h>

#include <set>

namespace headwater::http {
namespace {

rapidjson::Document schema_from(const std::string& text) {
  rapidjson::Document out;
  out.Parse(text);
  BOOST_REQUIRE_MESSAGE(!out.HasParseError(), text);
  return out;
}

std::set<std::string> required_of(const rapidjson::Document& schema) {
  std::set<std::string> out;
  if (schema.HasMember("required"))
    for (const auto& each : schema["required"].GetArray())
      out.emplace(each.GetString());
  return out;
}

std::set<std::string> properties_of(const rapidjson::Document& schema) {
  std::set<std::string> out;
  for (const auto& each : schema["properties"].GetObject())
    out.emplace(each.name.GetString());
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi_tables)

BOOST_AUTO_TEST_CASE(an_answer_has_every_property_that_it_names) {
  for (const auto& text : {tables::account(), tables::api_token(), tables::brand_platform(),
                           tables::passthrough_referrer(), tables::referrer_mapping()}) {
    const auto schema = schema_from(text);
    BOOST_TEST(required_of(schema) == properties_of(schema), boost::test_tools::per_element());
    BOOST_TEST(properties_of(schema).count("created_at") == 1U);
  }
}

BOOST_AUTO_TEST_CASE(what_the_service_sets_cannot_be_sent) {
  for (const auto& text : {tables::create_passthrough_referrer(), tables::create_referrer_mapping(),
                           tables::update_passthrough_referrer(), tables::update_referrer_mapping(),
                           tables::create_account(), tables::create_api_token()}) {
    const auto schema = schema_from(text);
    BOOST_TEST(properties_of(schema).count("created_at") == 0U);
    BOOST_TEST(properties_of(schema).count("id") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_create_has_bounds_and_defaults_and_a_patch_takes_null) {
  const auto create = schema_from(tables::create_referrer_mapping());
  const auto update = schema_from(tables::update_referrer_mapping());
  BOOST_TEST(required_of(create) == (std::set<std::string>{"referrer_pattern", "utm_source"}),
             boost::test_tools::per_element());
  BOOST_TEST(required_of(update).empty());
  const auto& created = create["properties"]["priority"];
  BOOST_TEST(created["type"].Size() == 2U); // null is "not given"
  BOOST_TEST(created["type"][0].GetString() == std::string("integer"));
  BOOST_TEST(create["properties"]["utm_source"]["type"].GetString() == std::string("string"));
  BOOST_TEST(created["minimum"].GetInt() == 0);
  BOOST_TEST(created["maximum"].GetInt() == 1000);
  BOOST_TEST(created["default"].GetInt() == 0);
  const auto& patched = update["properties"]["priority"];
  BOOST_TEST(patched["type"].Size() == 2U);
  BOOST_TEST(!patched.HasMember("default"));
  for (const auto* each : {&create, &update}) { // null is a value like the others
    const auto& choices = (*each)["properties"]["match_type"]["enum"];
    BOOST_TEST(choices.Size() == 6U);
    BOOST_TEST(choices[5].IsNull());
  }
  const auto shown = schema_from(tables::referrer_mapping());
  BOOST_TEST(shown["properties"]["match_type"]["enum"].Size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_secret_is_sent_and_never_shown) {
  BOOST_TEST(properties_of(schema_from(tables::create_api_token())).count("token") == 1U);
  BOOST_TEST(properties_of(schema_from(tables::api_token())).count("token") == 0U);
}

BOOST_AUTO_TEST_CASE(each_code_of_the_linter_is_listed_once) {
  const auto codes = schema_from(tables::lint_codes());
  std::set<std::string> seen;
  for (const auto& each : codes.GetArray())
    seen.emplace(each.GetString());
  BOOST_TEST(seen.size() == codes.Size());
  BOOST_TEST(seen.count("never_matches") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
