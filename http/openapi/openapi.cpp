#include "http/openapi/openapi.hpp"

#include "domain/core/text.hpp"
#include "domain/json/json_writer.hpp"
#include "http/openapi/openapi_data.hpp"
#include "http/server/response.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace headwater::http {

namespace {

const named_json* find(std::span<const named_json> in, std::string_view name) {
  const auto at = std::ranges::find(in, name, &named_json::name);
  return at == in.end() ? nullptr : &*at;
}

[[noreturn]] void refuse(const endpoint& of, std::string_view what, std::string_view name) {
  throw std::invalid_argument("http/openapi has no " + std::string(what) + " " + std::string(name) +
                              ", which the route " + std::string(of.name) + " names");
}

void write_parameter(json_writer& out, const endpoint& of, std::string_view name) {
  const auto* found = find(openapi_parameters(), name);
  if (!found)
    refuse(of, "parameter", name);
  out.raw(found->json);
}

void write_parameters(json_writer& out, const endpoint& of) {
  out.key("parameters").begin_array();
  for (auto path = of.path; path.find('{') != path.npos;) {
    const auto open = path.find('{');
    const auto end = path.find('}', open) + 1;
    write_parameter(out, of, path.substr(open, end - open));
    path.remove_prefix(end);
  }
  for (const auto name : of.parameters)
    write_parameter(out, of, name);
  out.end_array();
}

std::string reference(std::string_view schema) {
  return R"({"$ref":"#/components/schemas/)" + std::string(schema) + R"("})";
}

constexpr std::string_view any_text = R"({"schema":{"type":"string"}})";
constexpr std::string_view object_lines =
    R"({"schema":{"type":"string","description":"One JSON object a line. A line of nothing but )"
    R"(spaces, tabs and CR is skipped."}})";

/// What has the schema as JSON, and what else it may be.
void write_content(json_writer& out, std::string_view schema, const std::vector<media>& also = {},
                   std::string_view as_lines = any_text) {
  out.key("content").begin_object().key("application/json").begin_object();
  out.key("schema").raw(schema).end_object();
  for (const auto type : also)
    out.key(to_string(type)).raw(type == media::ndjson ? as_lines : any_text);
  out.end_object();
}

std::string success_schema(const endpoint& of) {
  if (of.kin == family::referrals)
    return reference(of.answers);
  return R"({"type":"object","required":["success","data"],"properties":{"success":)"
         R"({"const":true},"data":)" +
         reference(of.answers) +
         R"(,"meta":{"type":"object","properties":{"ignored_fields":)"
         R"({"type":"array","maxItems":100,"items":{"type":"string"},"description":)"
         R"("Members of the body that were ignored, each once"},"normalised":)"
         R"({"type":"array","maxItems":100,"items":{"type":"object","properties":{)"
         R"("line":{"type":"integer"},"field":{"type":"string"},"sent":{"type":"string"},)"
         R"("stored":{"type":"string"},"message":{"type":"string"}}},"description":)"
         R"("Domains and patterns that are stored otherwise than they were sent, but for letter )"
         R"(case and blanks; of an import the first, with their lines"},"normalised_count":)"
         R"({"type":"integer","description":"Of an import: how many such rows it has"},)"
         R"("delimiter":{"type":"string","description":)"
         R"("Of an import: what separates the columns of the CSV"}}}}})";
}

void write_responses(json_writer& out, const endpoint& of) {
  out.key("responses").begin_object();
  for (const auto status : of.statuses) {
    out.key(std::to_string(status)).begin_object().member("description", reason_phrase(status));
    if (status >= 400)
      write_content(out, reference(of.kin == family::referrals ? "ReferralsError" : "RulesError"));
    else if (status < 300 && !of.answers.empty())
      write_content(out, success_schema(of), of.answers_also);
    out.end_object();
  }
  out.end_object();
}

void write_operation(json_writer& out, const endpoint& of) {
  out.key(ascii_lower(to_string(of.verb))).begin_object();
  out.member("operationId", of.name).member("summary", of.summary);
  if (of.needs == access::anyone)
    out.key("security").begin_array().end_array();
  else
    out.member("description", "Required scope: " + std::string(to_string(of.needs)));
  write_parameters(out, of);
  if (!of.body.empty()) {
    out.key("requestBody").begin_object().member("required", true);
    write_content(out, reference(of.body), of.body_also, object_lines);
    out.end_object();
  }
  write_responses(out, of);
  out.end_object();
}

void write_paths(json_writer& out, const std::vector<endpoint>& routes) {
  out.key("paths").begin_object();
  std::vector<std::string_view> written;
  for (const auto& first : routes) {
    if (std::find(written.begin(), written.end(), first.path) != written.end())
      continue;
    written.push_back(first.path);
    out.key(first.path).begin_object();
    for (const auto& each : routes)
      if (each.path == first.path)
        write_operation(out, each);
    out.end_object();
  }
  out.end_object();
}

void write_frame(json_writer& out, std::string_view name) {
  if (const auto* found = find(openapi_frame(), name))
    out.key(name).raw(found->json);
}

void check_schemas(const std::vector<endpoint>& routes, const std::vector<named_schema>& schemas) {
  const auto known = [&](std::string_view name) {
    return name.empty() || std::ranges::find(schemas, name, &named_schema::name) != schemas.end();
  };
  for (const auto& each : routes)
    for (const auto name : {each.body, each.answers})
      if (!known(name))
        refuse(each, "schema", name);
}

} // namespace

std::string openapi_document(const std::vector<endpoint>& routes) {
  const auto schemas = openapi_schemas();
  check_schemas(routes, schemas);
  json_writer out;
  out.begin_object();
  for (const auto name : {"openapi", "info", "security"})
    write_frame(out, name);
  write_paths(out, routes);
  out.key("components").begin_object();
  write_frame(out, "securitySchemes");
  out.key("schemas").begin_object();
  for (const auto& each : schemas)
    out.key(each.name).raw(each.json);
  out.end_object().end_object().end_object();
  return std::move(out).str();
}

} // namespace headwater::http
