#include "http/openapi.hpp"

#include "domain/core/canonical_json.hpp"
#include "domain/core/text.hpp"
#include "http/response.hpp"

#include <algorithm>
#include <array>

namespace headwater::http {

namespace {

struct parameter {
  std::string_view name;
  std::string_view place;
  bool required;
  std::string_view schema;
  std::string_view description;
  std::string_view alias = {}; ///< how routes call it where another one has its name
};

constexpr std::string_view text = R"({"type":"string"})";
constexpr std::string_view day = R"({"type":"string","format":"date"})";

constexpr std::array parameters{
    parameter{"account_id", "query", true, text, "Account ID"},
    parameter{"include_inactive", "query", false, R"({"type":"boolean","default":false})",
              "Include inactive rules"},
    parameter{"limit", "query", false, R"({"type":"integer","minimum":1})", "At most so many"},
    parameter{"offset", "query", false, R"({"type":"integer","minimum":0})", "Skip so many"},
    parameter{"explain", "query", false, R"({"type":"boolean","default":false})",
              "Tell the steps tried; needs the scope read"},
    parameter{"format", "query", false, R"({"type":"string","enum":["csv","json"]})",
              "Without it Accept decides, and JSON is the default"},
    parameter{"mode", "query", false,
              R"({"type":"string","enum":["merge","replace"],"default":"merge"})",
              "What becomes of rules that no row is about: merge keeps them, replace removes them"},
    parameter{"dry_run", "query", false, R"({"type":"boolean","default":false})",
              "Tell what would change, and change nothing"},
    parameter{"site", "query", false, text,
              "A host of the account's own pages, besides the websites of its connections; may be "
              "repeated"},
    parameter{"start_date", "query", false, day,
              "First day, UTC; default 29 days before end_date. A report has at most 366 days"},
    parameter{"end_date", "query", false, day, "Last day, UTC, inclusive; default today"},
    parameter{"limit", "query", false,
              R"({"type":"integer","minimum":1,"maximum":10000,"default":1000})",
              "At most so many rows", "limit of a report"},
    parameter{"group_by", "query", false, text,
              "date, week or month, platform, page, connection; comma-separated"},
    parameter{"platform", "query", false, text, "Only these platforms"},
    parameter{"connection", "query", false, text, "Only these connections"},
    parameter{"page_prefix", "query", false, text, "Only pages that begin so"},
    parameter{"order_by", "query", false, text,
              "Metrics and columns of group_by, each once, comma-separated; - before one sorts it "
              "descending"},
    parameter{"as_of", "query", false, text,
              "The rules as they were: a version, or an RFC 3339 time with all events up to it"},
    parameter{"as_of", "query", true, text,
              "A version, or an RFC 3339 time with all events up to it", "as_of!"},
    parameter{"from", "query", true, text, "A version or an RFC 3339 time", "from!"},
    parameter{"to", "query", false, text, "A version or an RFC 3339 time; default now", "to!"},
    parameter{"account_id", "query", false, text,
              "The events of this account; without it, of all streams, for admins of all accounts",
              "account_id?"},
    parameter{"connection_id", "query", false, text, "The events of this connection"},
    parameter{"stream", "query", false, R"({"type":"string","enum":["system"]})",
              "The system stream, for admins of all accounts"},
    parameter{
        "after", "query", false, R"({"type":"integer","minimum":0,"default":0})",
        "Only events behind this sequence, or behind this position where all streams are read"},
    parameter{"type", "query", false, text, "Only events of this type"},
    parameter{"from", "query", false, R"({"type":"string","format":"date-time"})",
              "Only events of this time and later"},
    parameter{"to", "query", false, R"({"type":"string","format":"date-time"})",
              "Only events up to this time"},
    parameter{"format", "query", false, R"({"type":"string","enum":["json","ndjson","sse"]})",
              "Without it Accept decides, and JSON is the default", "format?"},
    parameter{"Last-Event-ID", "header", false, R"({"type":"integer","minimum":0})",
              "Of server-sent events: wins over after"},
    parameter{"account_id", "query", false, text, "An event of this account", "of_account"},
    parameter{"connection_id", "query", false, text, "An event of this connection",
              "of_connection"},
    parameter{"stream", "query", false, R"({"type":"string","enum":["system"]})",
              "An event of the system, for admins of all accounts", "of_stream"},
    parameter{"position", "query", false, R"({"type":"integer","minimum":1})",
              "An event by its position over all streams"},
    parameter{"sequence", "query", false, R"({"type":"integer","minimum":1})",
              "The event's sequence in its stream"},
    parameter{"checkpoint", "query", false, R"({"type":"integer","minimum":1})",
              "Size of the checkpoint; default the newest"},
    parameter{"from", "query", true, R"({"type":"integer","minimum":1})",
              "Size of the earlier checkpoint", "from_size"},
    parameter{"to", "query", false, R"({"type":"integer","minimum":1})",
              "Size of the later checkpoint; default the newest", "to_size"},
    parameter{"Idempotency-Key", "header", false,
              R"({"type":"string","minLength":1,"maxLength":255})",
              "The same request again replays the first answer"},
    parameter{"If-Match", "header", false, text, "412 unless the rule has one of these ETags"},
    parameter{"Prefer", "header", false, text, "handling=strict makes unknown fields 422"},
};

void write_parameter(canonical_writer& out, const parameter& of) {
  out.begin_object().member("name", of.name).member("in", of.place);
  out.member("required", of.required).member("description", of.description);
  out.key("schema").raw(of.schema).end_object();
}

/// The {names} of a path: ids are integers, but for those that are not.
void write_path_parameters(canonical_writer& out, std::string_view path) {
  while (true) {
    const auto open = path.find('{');
    if (open == path.npos)
      return;
    const auto close = path.find('}', open);
    const auto name = path.substr(open + 1, close - open - 1);
    const bool integer = name != "account_id" && name != "connection_id" && name != "host";
    write_parameter(out, {name, "path", true, integer ? R"({"type":"integer"})" : text, name});
    path.remove_prefix(close + 1);
  }
}

void write_parameters(canonical_writer& out, const endpoint& of) {
  out.key("parameters").begin_array();
  write_path_parameters(out, of.path);
  for (const auto name : of.parameters) {
    const auto* const found =
        std::find_if(parameters.begin(), parameters.end(), [&](const parameter& p) {
          return (p.alias.empty() ? p.name : p.alias) == name;
        });
    write_parameter(out, *found);
  }
  out.end_array();
}

std::string reference(std::string_view schema) {
  return R"({"$ref":"#/components/schemas/)" + std::string(schema) + R"("})";
}

constexpr std::string_view any_text = R"({"schema":{"type":"string"}})";

void write_content(canonical_writer& out, std::string_view schema, bool csv, bool lines = false,
                   bool messages = false) {
  out.key("content").begin_object().key("application/json").begin_object();
  out.key("schema").raw(schema).end_object();
  if (csv)
    out.key("text/csv").raw(any_text);
  if (lines)
    out.key("application/x-ndjson").raw(any_text);
  if (messages)
    out.key("text/event-stream").raw(any_text);
  out.end_object();
}

std::string success_schema(const endpoint& of) {
  if (of.kin == family::referrals)
    return reference(of.answerss);
  return R"({"type":"object","required":["success","data"],"properties":{"success":)"
         R"({"const":true},"data":)" +
         reference(of.answerss) + R"(,"meta":{"type":"object"}}})";
}

void write_responses(canonical_writer& out, const endpoint& of) {
  out.key("responses").begin_object();
  for (const auto status : of.statuses) {
    out.key(std::to_string(status)).begin_object().member("description", reason_phrase(status));
    if (status >= 300)
      write_content(out, reference(of.kin == family::referrals ? "ReferralsError" : "RulesError"),
                    false);
    else if (!of.answers.empty())
      write_content(out, success_schema(of), of.csv && of.body.empty(),
                    of.name == "resolveVisits" || of.name == "readEvents", of.name == "readEvents");
    out.end_object();
  }
  out.end_object();
}

void write_operation(canonical_writer& out, const endpoint& of) {
  out.key(ascii_lower(to_string(of.verb))).begin_object();
  out.member("operationId", of.name).member("summary", of.summary);
  if (of.needs == access::anyone)
    out.key("security").begin_array().end_array();
  else
    out.member("description", "Required scope: " + std::string(to_string(of.needs)));
  write_parameters(out, of);
  if (!of.body.empty()) {
    out.key("requestBody").begin_object().member("required", true);
    out.key("content").begin_object();
    out.key("application/json").begin_object().key("schema").raw(reference(of.body)).end_object();
    if (of.name == "resolveVisits" || of.name == "pushAiReferralsEvents")
      out.key("application/x-ndjson").raw(any_text);
    if (of.csv)
      out.key("text/csv").raw(any_text);
    out.end_object().end_object();
  }
  write_responses(out, of);
  out.end_object();
}

void write_paths(canonical_writer& out, const std::vector<endpoint>& routes) {
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

} // namespace

std::string openapi_document(const std::vector<endpoint>& routes) {
  canonical_writer out;
  out.begin_object().member("openapi", "3.1.0");
  out.key("info").raw(R"({"title":"Headwater","version":"1","description":)"
                      R"("Referral attribution. The rules are also served under /api/v1, AI )"
                      R"(referrals under /v1. HEAD works where GET does, OPTIONS answers 204."})");
  out.key("security").raw(R"([{"bearer":[]},{"apiKey":[]}])");
  write_paths(out, routes);
  out.key("components").begin_object();
  out.key("securitySchemes")
      .raw(R"({"bearer":{"type":"http","scheme":"bearer"},)"
           R"("apiKey":{"type":"apiKey","in":"header","name":"X-API-Key"}})");
  out.key("schemas").raw(openapi_schemas());
  out.end_object().end_object();
  return std::move(out).str();
}

} // namespace headwater::http
