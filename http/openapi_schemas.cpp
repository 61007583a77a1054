#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/attribution/passthrough_referrer.hpp"
#include "domain/attribution/referrer_mapping.hpp"
#include "domain/core/canonical_json.hpp"
#include "http/openapi.hpp"

namespace headwater::http {

namespace {

enum class shape : std::uint8_t { answer, create, patch };

std::string_view json_type(field_kind kind) {
  switch (kind) {
  case field_kind::string:
  case field_kind::timestamp:
    return "string";
  case field_kind::integer:
    return "integer";
  case field_kind::boolean:
    return "boolean";
  case field_kind::string_list:
  case field_kind::integer_list:
    return "array";
  }
  return "string";
}

void write_type(canonical_writer& out, const field& spec, shape of) {
  // A PATCH takes null for every field: it resets a nullable one and leaves any other as it is.
  const bool null = spec.nullable || of == shape::patch;
  out.key("type");
  if (null)
    out.begin_array().string(json_type(spec.kind)).string("null").end_array();
  else
    out.string(json_type(spec.kind));
  if (spec.kind == field_kind::timestamp)
    out.member("format", "date-time");
}

void write_choices(canonical_writer& out, const field& spec) {
  out.key("enum").begin_array();
  for (const auto choice : spec.choices)
    out.string(choice);
  out.end_array();
}

void write_bounds(canonical_writer& out, const field& spec) {
  const bool list = spec.kind == field_kind::string_list || spec.kind == field_kind::integer_list;
  const auto least = list ? "minItems" : spec.kind == field_kind::string ? "minLength" : "minimum";
  const auto most = list ? "maxItems" : spec.kind == field_kind::string ? "maxLength" : "maximum";
  if (spec.kind == field_kind::boolean || spec.kind == field_kind::timestamp)
    return;
  if (spec.kind == field_kind::integer || spec.min > 0)
    out.member(least, spec.min);
  if (spec.max != no_limit)
    out.member(most, spec.max);
}

template <class T>
void write_field(canonical_writer& out, const bound_field<T>& of, shape as) {
  const auto& spec = of.spec;
  out.key(spec.name).begin_object();
  write_type(out, spec, as);
  const bool list = spec.kind == field_kind::string_list || spec.kind == field_kind::integer_list;
  if (list) {
    out.key("items").begin_object();
    out.member("type", spec.kind == field_kind::string_list ? "string" : "integer");
    if (!spec.choices.empty())
      write_choices(out, spec);
    out.end_object();
  } else if (!spec.choices.empty()) {
    write_choices(out, spec);
  }
  if (as != shape::answer)
    write_bounds(out, spec);
  if (!spec.pattern.empty())
    out.member("pattern", spec.pattern);
  if (!spec.description.empty())
    out.member("description", spec.description);
  if (!spec.example.empty())
    out.key("example").raw(spec.example);
  if (as == shape::create)
    if (const auto text = default_json(of); !text.empty())
      out.key("default").raw(text);
  out.end_object();
}

bool is_part(const field& spec, shape as) {
  switch (as) {
  case shape::answer:
    return !spec.write_only;
  case shape::create:
    return !spec.read_only;
  case shape::patch:
    return !spec.read_only && !spec.create_only;
  }
  return false;
}

template <class T>
void write_schema(canonical_writer& out, std::string_view name, shape as) {
  out.key(name).begin_object().member("type", "object").key("properties").begin_object();
  std::vector<std::string_view> required;
  for (const auto& each : fields_of<T>()) {
    if (!is_part(each.spec, as))
      continue;
    write_field(out, each, as);
    if (as == shape::answer || (as == shape::create && each.spec.required))
      required.push_back(each.spec.name);
  }
  out.end_object();
  if (!required.empty()) {
    out.key("required").begin_array();
    for (const auto each : required)
      out.string(each);
    out.end_array();
  }
  out.end_object();
}

template <class T>
void write_resource_schemas(canonical_writer& out, std::string_view name, std::string_view create,
                            std::string_view patch) {
  write_schema<T>(out, name, shape::answer);
  write_schema<T>(out, create, shape::create);
  if (!patch.empty())
    write_schema<T>(out, patch, shape::patch);
}

/// {"<name>":[item],"total":n[,"active_count":n]}
void write_list(canonical_writer& out, std::string_view schema, std::string_view name,
                std::string_view item, bool active) {
  out.key(schema).begin_object().member("type", "object").key("properties").begin_object();
  out.key(name).begin_object().member("type", "array").key("items").begin_object();
  out.member("$ref", "#/components/schemas/" + std::string(item)).end_object().end_object();
  out.key("total").raw(R"({"type":"integer"})");
  if (active)
    out.key("active_count").raw(R"({"type":"integer"})");
  out.end_object().end_object();
}

/// A list of creates, or an object that has one as the list has it.
void write_import_schema(canonical_writer& out, std::string_view schema, std::string_view create,
                         std::string_view list) {
  const auto to = [](std::string_view name) {
    return R"({"$ref":"#/components/schemas/)" + std::string(name) + R"("})";
  };
  out.key(schema).raw(R"({"oneOf":[{"type":"array","maxItems":50000,"items":)" + to(create) + "}," +
                      to(list) + R"(,{"type":"object","required":["data"],"properties":{"data":)" +
                      to(list) + "}}]}");
}

void write_import_schemas(canonical_writer& out) {
  write_import_schema(out, "PassthroughReferrerImport", "CreatePassthroughReferrer",
                      "PassthroughReferrerList");
  write_import_schema(out, "ReferrerMappingImport", "CreateReferrerMapping", "ReferrerMappingList");
  out.key("ImportOutcome")
      .raw(R"({"type":"object","properties":{"mode":{"type":"string","enum":["merge","replace"]},)"
           R"("dry_run":{"type":"boolean"},"rows":{"type":"integer"},"added":{"type":"integer"},)"
           R"("changed":{"type":"integer"},"removed":{"type":"integer"},"unchanged":)"
           R"({"type":"integer"},"version":{"type":"integer","description":"Of the rules: since )"
           R"(when this holds"},"preview":{"type":"object","description":"Of a dry run")"
           R"(,"properties":{"added":{"type":"array","items":{"type":"object"}},)"
           R"("changed":{"type":"array","items":{"type":"object"}},"removed":{"type":"array",)"
           R"("items":{"type":"object"}}}}}})");
}

void write_referral_schemas(canonical_writer& out) {
  out.key("CreateConnection")
      .raw(R"({"type":"object","required":["website","provider"],"properties":{"website":)"
           R"({"type":"string","minLength":1,"maxLength":2048},"provider":{"type":"string",)"
           R"("enum":["adobe_analytics","google_analytics","matomo","piwik_pro","custom"]}}})");
  out.key("Connection")
      .raw(R"({"type":"object","properties":{"id":{"type":"string"},"brand_id":)"
           R"({"type":"integer"},"website":{"type":"string"},"provider":{"type":"string"},)"
           R"("status":{"type":"string","enum":["active","disabled"]},"created_at":)"
           R"({"type":"string","format":"date-time"},"last_pushed_at":{"type":["string","null"],)"
           R"("format":"date-time"},"last_push_error":{"type":["string","null"]},"rows":)"
           R"({"type":"integer","description":"Rows that the connection holds"},"first_date":)"
           R"({"type":["string","null"],"format":"date","description":"First day with a row"},)"
           R"("last_date":{"type":["string","null"],"format":"date"}}})");
  out.key("ConnectionList")
      .raw(R"({"type":"object","properties":{"items":{"type":"array","items":)"
           R"({"$ref":"#/components/schemas/Connection"}}}})");
  out.key("ReferralEvents")
      .raw(R"({"type":"array","maxItems":10000,"items":{"type":"object","required":["date",)"
           R"("raw_referrer_value","raw_page_value"],"properties":{"date":{"type":"string",)"
           R"("format":"date"},"raw_referrer_value":{"type":"string","minLength":1,)"
           R"("maxLength":512},"raw_page_value":{"type":"string","minLength":1,"maxLength":2048},)"
           R"("pageviews":{"type":["integer","null"],"minimum":0},"sessions":{"type":)"
           R"(["integer","null"],"minimum":0},"transactions":{"type":["integer","null"],)"
           R"("minimum":0},"purchase_revenue":{"type":["number","null"],"minimum":0},)"
           R"("batch_id":{"type":["string","null"],"maxLength":128}}}})");
  out.key("PushOutcome")
      .raw(R"({"type":"object","required":["accepted","rejected"],"properties":{"accepted":)"
           R"({"type":"integer"},"rejected":{"type":"integer"},"deduplicated":{"type":"integer"},)"
           R"("errors":{"type":"array","items":{"type":"string"}}}})");
  out.key("Report").raw(
      R"({"type":"object","properties":{"rows":{"type":"array","items":{"type":"object"}},)"
      R"("totals":{"type":"object"},"total":{"type":"integer"}}})");
  out.key("BatchList")
      .raw(R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object",)"
           R"("properties":{"sequence":{"type":"integer"},"time":{"type":"string","format":)"
           R"("date-time"},"batch_ids":{"type":"array","maxItems":20,"items":{"type":"string"},)"
           R"("description":"The first distinct ones"},"batch_id_count":{"type":"integer"},)"
           R"("accepted":{"type":"integer"},"rejected":{"type":"integer"},"deduplicated":)"
           R"({"type":"integer"},"errors":{"type":"array","maxItems":20,"items":{"type":)"
           R"("string"}},"principal":{"type":"string","description":"Id of the token that )"
           R"(pushed"},"request_id":{"type":"string"}}}},"total":{"type":"integer"}}})");
}

void write_platform_schemas(canonical_writer& out) {
  write_resource_schemas<accounts::brand_platform>(out, "BrandPlatform", "PutBrandPlatform", {});
  out.key("PlatformList")
      .raw(R"({"type":"object","properties":{"version":{"type":"string","description":)"
           R"("Of the shipped list"},"platforms":{"type":"array","items":{"type":"object",)"
           R"("properties":{"name":{"type":"string"},"entries":{"type":"array","items":)"
           R"({"$ref":"#/components/schemas/PlatformEntry"}}}}}}})");
  out.key("PlatformEntry")
      .raw(R"({"type":"object","required":["kind","value","source"],"properties":{"kind":)"
           R"({"type":"string","enum":["host","host_path","android_package","token"]},"value":)"
           R"({"type":"string"},"source":{"type":"string","enum":["shipped","brand"]},)"
           R"("provenance":{"type":"object","description":"Of a shipped entry","properties":)"
           R"({"source":{"type":"string","description":"A URL, or headwater for our own )"
           R"(additions"},"revision":{"type":["string","null"],"description":)"
           R"("Git's blob id of the source"},"since":{"type":"string","format":"date"},"reason":)"
           R"({"type":"string"}}},"created_at":{"type":"string","format":"date-time",)"
           R"("description":"Of an entry of the brand"},"updated_at":{"type":"string","format":)"
           R"("date-time"}}})");
}

void write_error_schemas(canonical_writer& out) {
  out.key("RulesError")
      .raw(
          R"({"type":"object","required":["error","request_id"],"properties":{"error":)"
          R"({"type":"object","required":["code","message"],"properties":{"code":)"
          R"({"type":"string"},"message":{"type":"string"},"detail":{},"fault_count":)"
          R"({"type":"integer","description":"Of an import: all faults there are"}}},"request_id":)"
          R"({"type":"string"}}})");
  out.key("ReferralsError")
      .raw(R"({"type":"object","required":["detail"],"properties":{"detail":{"oneOf":[)"
           R"({"type":"string"},{"type":"array","items":{"type":"object","properties":{"loc":)"
           R"({"type":"array","items":{"type":["string","integer"]}},"msg":{"type":"string"},)"
           R"("type":{"type":"string"}}}}]}}})");
  out.key("Status").raw(R"({"type":"object","properties":{"status":{"type":"string"}}})");
  out.key("RevokedApiToken")
      .raw(R"({"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"string"},)"
           R"("is_active":{"const":false},"revoked_at":{"type":"string","format":"date-time"}}})");
  out.key("CreatedApiToken")
      .raw(R"({"allOf":[{"$ref":"#/components/schemas/ApiToken"},{"type":"object","properties":)"
           R"({"token":{"type":["string","null"],"description":"The secret, shown once"}}}]})");
}

} // namespace

std::string openapi_schemas() {
  canonical_writer out;
  out.begin_object();
  write_resource_schemas<attribution::passthrough_referrer>(
      out, "PassthroughReferrer", "CreatePassthroughReferrer", "UpdatePassthroughReferrer");
  write_resource_schemas<attribution::referrer_mapping>(
      out, "ReferrerMapping", "CreateReferrerMapping", "UpdateReferrerMapping");
  write_resource_schemas<accounts::account>(out, "Account", "CreateAccount", "UpdateAccount");
  write_resource_schemas<accounts::api_token_resource>(out, "ApiToken", "CreateApiToken", {});
  write_list(out, "PassthroughReferrerList", "referrers", "PassthroughReferrer", true);
  write_list(out, "ReferrerMappingList", "mappings", "ReferrerMapping", true);
  write_list(out, "AccountList", "accounts", "Account", false);
  write_list(out, "ApiTokenList", "tokens", "ApiToken", false);
  write_import_schemas(out);
  write_visit_schemas(out);
  write_lint_schemas(out);
  write_history_schemas(out);
  write_snapshot_schemas(out);
  write_erasure_schema(out);
  write_proof_schemas(out);
  write_referral_schemas(out);
  write_platform_schemas(out);
  write_error_schemas(out);
  out.end_object();
  return std::move(out).str();
}

} // namespace headwater::http
