#include "domain/core/text.hpp"
#include "domain/lint/lint.hpp"
#include "http/application.hpp"
#include "http/openapi/openapi.hpp"
#include "http/openapi/openapi_data.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidjson/document.h>

#include <set>
#include <string>
#include <vector>

namespace headwater::http {

namespace {

auto some_route() {
  auto out = all_routes().front();
  out.path = "/some";
  out.kin = family::operations;
  out.tagged = out.counts = false;
  out.headers = {};
  out.parameters = {};
  out.body = out.answers = {};
  out.body_also = out.answers_also = {};
  return out;
}

rapidjson::Document parsed(const std::string& text) {
  rapidjson::Document out;
  out.Parse(text);
  BOOST_REQUIRE(!out.HasParseError());
  return out;
}

/// The media types of a body or an answer, in their order.
std::vector<std::string> media_types(const rapidjson::Value& of) {
  std::vector<std::string> out;
  for (const auto& each : of["content"].GetObject())
    out.emplace_back(each.name.GetString());
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
    constexpr std::string_view of_schemas = "#/components/schemas/";
    if (each.name == "$ref" && std::string_view(each.value.GetString()).starts_with(of_schemas))
      into.insert(std::string(each.value.GetString()).substr(of_schemas.size()));
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
  BOOST_TEST(codes.Size() == attribution::lint_codes);
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

BOOST_AUTO_TEST_CASE(media_types_are_those_of_the_route) {
  auto one = some_route();
  one.body = one.answers = "Visit";
  one.body_also = {media::ndjson, media::csv};
  one.answers_also = {media::server_sent_events, media::ndjson};
  one.statuses = {200, 404};
  const auto document = parsed(openapi_document({one}));
  const auto& operation = document["paths"]["/some"]["get"];
  const std::vector<std::string> taken{"application/json", "application/x-ndjson", "text/csv"};
  const std::vector<std::string> answered{"application/json", "text/event-stream",
                                          "application/x-ndjson"};
  BOOST_TEST((media_types(operation["requestBody"]) == taken));
  BOOST_TEST((media_types(operation["responses"]["200"]) == answered));
  BOOST_TEST(media_types(operation["responses"]["404"]).size() == 1);
}

/// The names of the headers of an answer.
std::set<std::string> headers_of(const endpoint& one, const char* status) {
  const auto document = parsed(openapi_document({one}));
  const auto verb = ascii_lower(to_string(one.verb));
  std::set<std::string> out;
  for (const auto& each :
       document["paths"]["/some"][verb.c_str()]["responses"][status]["headers"].GetObject()) {
    BOOST_TEST(document["components"]["headers"].HasMember(each.name));
    out.emplace(each.name.GetString());
  }
  return out;
}

BOOST_AUTO_TEST_CASE(headers_follow_from_status_and_route) {
  using names = std::set<std::string>;
  auto one = some_route();
  one.statuses = {200, 304, 401, 404, 415, 429, 503};
  one.counts = true;
  const names limits{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                     "X-Request-ID"};
  const auto and_one = [&](const std::string& more) {
    auto out = limits;
    out.insert(more);
    return out;
  };
  BOOST_TEST((headers_of(one, "200") == limits));
  BOOST_TEST((headers_of(one, "401") == names{"WWW-Authenticate", "X-Request-ID"}));
  BOOST_TEST((headers_of(one, "404") == limits));
  BOOST_TEST((headers_of(one, "415") == and_one("Accept-Encoding")));
  BOOST_TEST((headers_of(one, "429") == and_one("Retry-After")));
  BOOST_TEST((headers_of(one, "503") == and_one("Retry-After")));
  one.tagged = true;
  BOOST_TEST((headers_of(one, "200") == and_one("ETag")));
  BOOST_TEST((headers_of(one, "304") == and_one("ETag")));
  BOOST_TEST((headers_of(one, "404") == limits));
  one.verb = method::delete_; // what is gone has no tag
  BOOST_TEST((headers_of(one, "200") == limits));
  one.parameters = {"Idempotency-Key"};
  BOOST_TEST((headers_of(one, "200") == and_one("Idempotent-Replayed")));
  one.parameters = {};
  one.headers = {"Content-Disposition"};
  BOOST_TEST((headers_of(one, "200") == and_one("Content-Disposition")));
  one.counts = false; // for anybody, without a limit
  one.headers = {};
  BOOST_TEST((headers_of(one, "200") == names{"X-Request-ID"}));
}

BOOST_AUTO_TEST_CASE(data_of_an_answer_stand_beside_what_is_said_of_them) {
  auto one = some_route();
  one.answers = "EventPage";
  one.statuses = {200};
  const auto text_of = [&] {
    const auto document = openapi_document({one});
    return document.substr(0, document.find(R"("components":)"));
  };
  BOOST_TEST(text_of().find(R"("required":["success","data"],)") != std::string::npos);
  BOOST_TEST(text_of().find("schemas/Meta\"") != std::string::npos);
  one.meta = "EventMeta";
  BOOST_TEST(text_of().find(R"("required":["success","data","meta"],)") != std::string::npos);
  BOOST_TEST(text_of().find("schemas/EventMeta\"") != std::string::npos);
  one.is_bare = true;
  BOOST_TEST(text_of().find(R"("success")") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_that_is_no_json_has_its_own_media_type) {
  auto one = some_route();
  one.statuses = {200};
  one.answers_also = {media::plain_text};
  const auto document = parsed(openapi_document({one}));
  BOOST_TEST((media_types(document["paths"]["/some"]["get"]["responses"]["200"]) ==
              std::vector<std::string>{"text/plain"}));
}

BOOST_AUTO_TEST_CASE(every_route_is_in_a_group_that_is_described) {
  const auto document = parsed(openapi_document(all_routes()));
  std::set<std::string> described, used;
  for (const auto& each : document["tags"].GetArray())
    described.emplace(each["name"].GetString());
  for (const auto& path : document["paths"].GetObject())
    for (const auto& operation : path.value.GetObject())
      used.emplace(operation.value["tags"][0].GetString());
  BOOST_TEST(used == described, boost::test_tools::per_element());
  auto none = some_route();
  none.kin = family::rules;
  BOOST_CHECK_THROW((void)openapi_document({none}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(routes_answer_in_the_media_types_that_clients_know) {
  const auto document = parsed(openapi_document(all_routes()));
  const auto answered = [&](const char* path, const char* verb) {
    return media_types(document["paths"][path][verb]["responses"]["200"]);
  };
  const auto taken = [&](const char* path) {
    return media_types(document["paths"][path]["post"]["requestBody"]);
  };
  using types = std::vector<std::string>;
  const types json{"application/json"}, csv{"application/json", "text/csv"},
      lines{"application/json", "application/x-ndjson"};
  const types all{"application/json", "application/x-ndjson", "text/event-stream"};
  BOOST_TEST((answered("/events", "get") == all));
  BOOST_TEST((answered("/resolve", "post") == lines));
  BOOST_TEST((taken("/resolve") == lines));
  BOOST_TEST((taken("/{brand_id}/ai-referrals/connections/{connection_id}/events") == lines));
  BOOST_TEST((answered("/{brand_id}/ai-referrals", "get") == csv));
  for (const auto* kind : {"/passthrough-referrers", "/referrer-mappings"}) {
    const std::string at(kind);
    BOOST_TEST((answered((at + "/export").c_str(), "get") == csv));
    BOOST_TEST((taken((at + "/import").c_str()) == csv));
    BOOST_TEST((answered((at + "/import").c_str(), "post") == json));
    BOOST_TEST((answered(kind, "get") == json));
  }
}

BOOST_AUTO_TEST_CASE(route_that_names_what_no_file_has_is_refused) {
  auto answer = some_route(), body = some_route(), query = some_route(), path = some_route(),
       meta = some_route(), header = some_route();
  answer.answers = "NoSuchSchema";
  body.body = "NoSuchSchema";
  query.parameters = {"no_such_parameter"};
  path.path = "/some/{no_such_parameter}";
  meta.meta = "NoSuchSchema";
  header.headers = {"No-Such-Header"};
  header.statuses = {200};
  for (const auto& each : {answer, body, query, path, meta, header})
    BOOST_CHECK_THROW((void)openapi_document({each}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
