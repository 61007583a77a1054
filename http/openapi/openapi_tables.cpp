// JSON Schemas from tables of fields: what a table says about each field.

#include "http/openapi/openapi_tables.hpp"

#include "domain/accounts/account.hpp"
#include "domain/accounts/api_token.hpp"
#include "domain/accounts/brand_platform.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/lint/lint.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"
#include "domain/rules/settings_fields.hpp"

namespace headwater::http::tables {

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

/// A PATCH accepts null for every field: it resets a nullable one and leaves any other unchanged.
/// On create it stands for "not given", which a required field may not be.
bool takes_null(const field& spec, shape of) {
  return spec.nullable || of == shape::patch || (of == shape::create && !spec.required);
}

void write_type(json_writer& out, const field& spec, shape of) {
  out.key("type");
  if (takes_null(spec, of))
    out.begin_array().string(json_type(spec.kind)).string("null").end_array();
  else
    out.string(json_type(spec.kind));
  if (spec.kind == field_kind::timestamp)
    out.member("format", "date-time");
}

/// JSON Schema wants null in both, in the type and among the values.
void write_choices(json_writer& out, const field& spec, bool with_null) {
  out.key("enum").begin_array();
  for (const auto choice : spec.choices)
    out.string(choice);
  if (with_null)
    out.null();
  out.end_array();
}

void write_bounds(json_writer& out, const field& spec) {
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
void write_field(json_writer& out, const bound_field<T>& of, shape as) {
  const auto& spec = of.spec;
  out.key(spec.name).begin_object();
  write_type(out, spec, as);
  const bool list = spec.kind == field_kind::string_list || spec.kind == field_kind::integer_list;
  if (list) {
    out.key("items").begin_object();
    out.member("type", spec.kind == field_kind::string_list ? "string" : "integer");
    if (!spec.choices.empty())
      write_choices(out, spec, false);
    out.end_object();
  } else if (!spec.choices.empty()) {
    write_choices(out, spec, takes_null(spec, as));
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
std::string schema_of(shape as) {
  json_writer out;
  out.begin_object().member("type", "object").key("properties").begin_object();
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
  return std::move(out).str();
}

} // namespace

std::string account() {
  return schema_of<accounts::account>(shape::answer);
}

std::string create_account() {
  return schema_of<accounts::account>(shape::create);
}

std::string update_account() {
  return schema_of<accounts::account>(shape::patch);
}

std::string api_token() {
  return schema_of<accounts::api_token_resource>(shape::answer);
}

std::string create_api_token() {
  return schema_of<accounts::api_token_resource>(shape::create);
}

std::string brand_platform() {
  return schema_of<accounts::brand_platform>(shape::answer);
}

std::string put_brand_platform() {
  return schema_of<accounts::brand_platform>(shape::create);
}

std::string passthrough_referrer() {
  return schema_of<attribution::passthrough_referrer>(shape::answer);
}

std::string create_passthrough_referrer() {
  return schema_of<attribution::passthrough_referrer>(shape::create);
}

std::string update_passthrough_referrer() {
  return schema_of<attribution::passthrough_referrer>(shape::patch);
}

std::string referrer_mapping() {
  return schema_of<attribution::referrer_mapping>(shape::answer);
}

std::string create_referrer_mapping() {
  return schema_of<attribution::referrer_mapping>(shape::create);
}

std::string update_referrer_mapping() {
  return schema_of<attribution::referrer_mapping>(shape::patch);
}

std::string attribution_settings() {
  return schema_of<attribution::attribution_settings>(shape::answer);
}

std::string update_attribution_settings() {
  return schema_of<attribution::attribution_settings>(shape::patch);
}

std::string lint_codes() {
  json_writer out;
  out.begin_array();
  for (std::size_t i = 1; i <= attribution::lint_codes; ++i)
    out.string(attribution::to_string(static_cast<attribution::lint_code>(i)));
  out.end_array();
  return std::move(out).str();
}

} // namespace headwater::http::tables
