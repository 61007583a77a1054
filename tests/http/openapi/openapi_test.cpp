#include "http/application.hpp"
#include "http/openapi/openapi.hpp"
#include "http/openapi/openapi_data.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidjson/document.h>

#include <set>

namespace headwater::http {

namespace {

auto some_route() {
  auto out = all_routes().front();
  out.path = "/some";
  out.parameters = {};
  out.body = out.answers = {};
  return out;
}

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document out;
  out.Parse(text);
  BOOST_REQUIRE(!out.HasParseError());
  return out;
}

/// The names of all schemas that a value refers to.
void collect(const rapidjson::Value& from, std::set<std::string>& into) {
  if (from.IsArray())
    for (const auto& each : from.GetArray())
      collect(each, into);
  if (!from.IsObject())
    return;
  for (const auto& each : from.GetObject()) {
    if (each.name == "$ref")
      into.insert(std::string(each.value.GetString()).substr(sizeof "#/components/schemas/" - 1));
    collect(each.value, into);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_schema_is_reached_from_a_route_and_every_reference_leads_to_one) {
  const auto document = parsed(openapi_document(all_routes()));
  const auto& schemas = document["components"]["schemas"];
  std::set<std::string> reached, seen;
  collect(document["paths"], reached);
  while (seen.size() < reached.size())
    for (const auto& name : std::set(reached)) {
      BOOST_REQUIRE_MESSAGE(schemas.HasMember(name), name);
      if (seen.insert(name).second)
        collect(schemas[name.c_str()], reached);
    }
  std::set<std::string> all;
  for (const auto& each : openapi_schemas())
    all.emplace(each.name);
  BOOST_TEST(reached == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_table_of_the_program_has_stands_in_its_place) {
  const auto document = parsed(openapi_document(all_routes()));
  const auto& schemas = document["components"]["schemas"];
  const auto& codes = schemas["LintFinding"]["properties"]["code"]["enum"];
  BOOST_TEST(codes.Size() == 17);
  BOOST_TEST(codes[0].GetString() == "never_matches");
  const auto& domain = schemas["CreatePassthroughReferrer"]["properties"]["domain"];
  BOOST_TEST(domain["maxLength"].GetInt() == 255);
}

BOOST_AUTO_TEST_CASE(document_has_title_version_and_ways_to_authenticate) {
  const auto document = parsed(openapi_document({some_route()}));
  BOOST_TEST(document["openapi"].GetString() == "3.1.0");
  BOOST_TEST(document["info"]["title"].GetString() == "Headwater");
  BOOST_TEST(document["security"].Size() == 2);
  BOOST_TEST(document["components"]["securitySchemes"].HasMember("bearer"));
}

BOOST_AUTO_TEST_CASE(parameters_of_the_path_are_described) {
  auto one = some_route();
  one.path = "/some/{account_id}/of/{size}";
  const auto document = parsed(openapi_document({one}));
  const auto& parameters = document["paths"][one.path.data()]["get"]["parameters"];
  BOOST_REQUIRE(parameters.Size() == 2);
  BOOST_TEST(parameters[0]["schema"]["type"].GetString() == "string");
  BOOST_TEST(parameters[1]["name"].GetString() == "size");
  BOOST_TEST(parameters[1]["in"].GetString() == "path");
}

BOOST_AUTO_TEST_CASE(route_that_names_what_no_file_has_is_refused) {
  auto answer = some_route(), body = some_route(), query = some_route(), path = some_route();
  answer.answers = "NoSuchSchema";
  body.body = "NoSuchSchema";
  query.parameters = {"no_such_parameter"};
  path.path = "/some/{no_such_parameter}";
  for (const auto& each : {answer, body, query, path})
    BOOST_CHECK_THROW((void)openapi_document({each}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
