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

/// The schema of what may stand beside the data of any answer.
constexpr std::string_view usual_meta = "Meta";

constexpr std::string_view any_text = R"({"schema":{"type":"string"}})";
constexpr std::string_view object_lines =
    R"({"schema":{"type":"string","description":"One JSON object a line. A line of nothing but )"
    R"(spaces, tabs and CR is skipped."}})";

/// What has the schema as JSON ("": nothing), and what else it may be.
void write_content(json_writer& out, std::string_view schema, const std::vector<media>& also = {},
                   std::string_view as_lines = any_text) {
  out.key("content").begin_object();
  if (!schema.empty())
    out.key("application/json").begin_object().key("schema").raw(schema).end_object();
  for (const auto type : also)
    out.key(to_string(type)).raw(type == media::ndjson ? as_lines : any_text);
  out.end_object();
}

std::string success_schema(const endpoint& of) {
  if (of.is_bare || of.answers.empty())
    return of.answers.empty() ? std::string{} : reference(of.answers);
  // The usual meta is there only if it has something to say.
  const bool has_own = !of.meta.empty();
  return std::string(R"({"type":"object","required":["success","data")") +
         (has_own ? R"(,"meta")" : "") + R"(],"properties":{"success":{"const":true},"data":)" +
         reference(of.answers) + R"(,"meta":)" + reference(has_own ? of.meta : usual_meta) + "}}";
}

void write_header(json_writer& out, const endpoint& of, std::string_view name) {
  if (!find(openapi_headers(), name))
    refuse(of, "header", name);
  out.key(name).raw(R"({"$ref":"#/components/headers/)" + std::string(name) + R"("})");
}

/// What a success says beside its body.
void write_success_headers(json_writer& out, const endpoint& of, unsigned short status) {
  // A change of several rules asks for a tag and has none to tell.
  if (of.tagged && of.verb != method::delete_ && of.answers != "ImportOutcome")
    write_header(out, of, "ETag");
  if (std::ranges::count(of.parameters, "Idempotency-Key") > 0)
    write_header(out, of, "Idempotent-Replayed");
  for (const auto name : of.headers)
    if (status < 300)
      write_header(out, of, name);
}

/// Those that an application may read. What every HTTP library sees to by itself is not told, nor
/// CORS, which is for browsers.
void write_headers(json_writer& out, const endpoint& of, unsigned short status) {
  out.key("headers").begin_object();
  write_header(out, of, "X-Request-ID");
  if (status < 400)
    write_success_headers(out, of, status);
  if (status == 401)
    write_header(out, of, "WWW-Authenticate");
  if (status == 415)
    write_header(out, of, "Accept-Encoding");
  if (status == 429 || status == 503)
    write_header(out, of, "Retry-After");
  // Requests are counted once their token is known.
  if (status != 401 && of.counts)
    for (const auto* name : {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"})
      write_header(out, of, name);
  out.end_object();
}

void write_responses(json_writer& out, const endpoint& of) {
  out.key("responses").begin_object();
  for (const auto status : of.statuses) {
    out.key(std::to_string(status)).begin_object().member("description", reason_phrase(status));
    write_headers(out, of, status);
    const bool has_content = status < 300 && !(of.answers.empty() && of.answers_also.empty());
    if (status >= 400)
      write_content(out, reference(of.kin == family::referrals ? "ReferralsError" : "RulesError"));
    else if (has_content)
      write_content(out, success_schema(of), of.answers_also);
    out.end_object();
  }
  out.end_object();
}

/// A group of operations, one of those in document.json. The first that fits counts.
std::string_view tag_of(const endpoint& of) {
  struct begin_of_path {
    std::string_view path;
    std::string_view tag;
  };
  constexpr begin_of_path groups[] = {
      {"/passthrough-referrers", "Passthrough referrers"},
      {"/referrer-mappings", "Referrer mappings"},
      {"/rules", "Rules"},
      {"/presets", "Rules"},
      {"/accounts/{account_id}/erasure", "Accounts"},
      {"/accounts/{account_id}/", "Rules"},
      {"/accounts", "Accounts"},
      {"/api-tokens", "API tokens"},
      {"/resolve", "Resolve"},
      {"/sources", "Resolve"},
      {"/events", "Log"},
      {"/checkpoints", "Log"},
      {"/proofs", "Log"},
      {"/snapshots", "Snapshots"},
  };
  if (of.kin != family::rules)
    return of.kin == family::referrals ? "AI referrals" : "Operations";
  for (const auto& each : groups)
    if (of.path.starts_with(each.path))
      return each.tag;
  throw std::invalid_argument("http/openapi/openapi.cpp has no tag for " + std::string(of.path));
}

void write_operation(json_writer& out, const endpoint& of) {
  out.key(ascii_lower(to_string(of.verb))).begin_object();
  out.member("operationId", of.name).member("summary", of.summary);
  out.key("tags").begin_array().string(tag_of(of)).end_array();
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
    if (first.kin == family::pages) // for people
      continue;
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
    for (const auto name : {each.body, each.answers, each.meta, usual_meta})
      if (!known(name))
        refuse(each, "schema", name);
}

} // namespace

std::string openapi_document(const std::vector<endpoint>& routes) {
  const auto schemas = openapi_schemas();
  check_schemas(routes, schemas);
  json_writer out;
  out.begin_object();
  for (const auto name : {"openapi", "info", "security", "tags"})
    write_frame(out, name);
  write_paths(out, routes);
  out.key("components").begin_object();
  write_frame(out, "securitySchemes");
  out.key("headers").begin_object();
  for (const auto& each : openapi_headers())
    out.key(each.name).raw(each.json);
  out.end_object().key("schemas").begin_object();
  for (const auto& each : schemas)
    out.key(each.name).raw(each.json);
  out.end_object().end_object().end_object();
  return std::move(out).str();
}

} // namespace headwater::http
