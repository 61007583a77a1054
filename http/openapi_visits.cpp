#include "domain/core/canonical_json.hpp"
#include "http/openapi.hpp"

#include <string>

namespace headwater::http {

namespace {

constexpr std::string_view utm_object =
    R"({"type":["object","null"],"properties":{"utm_source":{"type":"string"},)"
    R"("utm_medium":{"type":"string"},"utm_campaign":{"type":"string"},)"
    R"("utm_term":{"type":"string"},"utm_content":{"type":"string"}}})";

/// The properties of a Visit, without their braces.
std::string visit_properties() {
  return R"("url":{"type":"string"},"referrer":{"type":["string","null"]},"session":)" +
         std::string(utm_object);
}

constexpr std::string_view what_if_properties =
    R"("draft":{"$ref":"#/components/schemas/RuleDraft"},"compare":{"type":["boolean","null"],)"
    R"("default":false,"description":"Answer what the stored rules say beside what the drafted )"
    R"(ones do; needs a draft and the scope read"})";

/// The changes to one kind of rules, by the names of its schemas.
std::string changes_of(std::string_view create, std::string_view update) {
  return R"({"type":["object","null"],"properties":{"add":{"type":["array","null"],"items":)"
         R"({"$ref":"#/components/schemas/)" +
         std::string(create) +
         R"("}},"change":{"type":["array","null"],"items":{"allOf":[{"type":"object","required":)"
         R"(["id"],"properties":{"id":{"type":"integer"}}},{"$ref":"#/components/schemas/)" +
         std::string(update) +
         R"("}]}},"remove":{"type":["array","null"],"items":{"type":"integer"}}}})";
}

void write_request_schemas(canonical_writer& out) {
  out.key("Visit").raw(R"({"type":"object","required":["url"],"properties":{)" +
                       visit_properties() + "}}");
  out.key("RuleDraft")
      .raw(R"({"type":["object","null"],"description":"Changes to resolve with, which are not )"
           R"(stored: at most 1000. Removals are applied first, then changes, then additions. )"
           R"(Needs the scope read. In a line of application/x-ndjson it is an unknown member.",)"
           R"("properties":{"passthrough_referrers":)" +
           changes_of("CreatePassthroughReferrer", "UpdatePassthroughReferrer") +
           R"(,"referrer_mappings":)" +
           changes_of("CreateReferrerMapping", "UpdateReferrerMapping") + "}}");
  out.key("VisitOrVisits")
      .raw(R"({"oneOf":[{"type":"object","required":["url"],"properties":{)" + visit_properties() +
           "," + std::string(what_if_properties) +
           R"(}},{"type":"object","required":["visits"],"properties":{"visits":{"type":"array",)"
           R"("maxItems":10000,"items":{"$ref":"#/components/schemas/Visit"}},)" +
           std::string(what_if_properties) + "}}]}");
}

/// What names a rule, without braces.
constexpr std::string_view reference_properties =
    R"("kind":{"type":"string","enum":["passthrough_referrer","referrer_mapping"]},"id":{"type":)"
    R"(["integer","null"],"description":"null: a rule that the draft adds"},"draft":{"type":)"
    R"("integer","description":"Only of a drafted rule: its place in the draft's add, or in its )"
    R"(change where there is an id"})";

void write_explanation_schema(canonical_writer& out) {
  out.key("StepExplanation")
      .raw(R"({"type":"object","properties":{"step":{"type":"integer","minimum":1,"maximum":11},)"
           R"("name":{"type":"string"},"applied":{"type":"boolean"},"reason":{"type":"string"},)"
           R"("inputs":{"type":"object","description":"What the step looked at, normalised",)"
           R"("additionalProperties":{"type":["string","boolean","null","array"],"items":)"
           R"({"type":"string"}}},"rules":{"type":"array","maxItems":20,"items":{"type":)"
           R"("object","properties":{)" +
           std::string(reference_properties) +
           R"(,"outcome":{"type":"string","enum":["decided","needs_session",)"
           R"("same_priority_later","lower_priority","less_specific","gave_up","not_run",)"
           R"("no_match"]}}}},"rules_omitted":{"type":"integer","description":)"
           R"("Rules tried beside those listed, of the first 200"}}})");
}

void write_attribution_schemas(canonical_writer& out) {
  out.key("RuleReference")
      .raw(R"({"type":"object","properties":{)" + std::string(reference_properties) + "}}");
  write_explanation_schema(out);
  out.key("Attribution")
      .raw(R"({"type":"object","properties":{"outcome":{"$ref":"#/components/schemas/Outcome"},)"
           R"("continues_session":{"type":"boolean"},"utm":)" +
           std::string(utm_object) +
           R"(,"rule":{"oneOf":[{"$ref":"#/components/schemas/RuleReference"},{"type":"null"}]},)"
           R"("referrer_host":{"type":["string","null"]},"ai_platform":{"type":["string","null"]},)"
           R"("explanation":{"type":"array","items":)"
           R"({"$ref":"#/components/schemas/StepExplanation"}}}})");
  out.key("Outcome").raw(R"({"type":"string","enum":["internal","passthrough","explicit_utm",)"
                         R"("click_id","mapping","ai_platform","referral","continued","direct"]})");
  out.key("VisitError")
      .raw(R"({"type":"object","properties":{"error":{"type":"object","properties":{"code":)"
           R"({"type":"string"},"message":{"type":"string"}}}}})");
}

void write_what_if_schemas(canonical_writer& out) {
  out.key("ComparedAttribution")
      .raw(
          R"({"type":"object","required":["current","drafted","changed"],"properties":)"
          R"({"current":{"$ref":"#/components/schemas/Attribution"},"drafted":)"
          R"({"$ref":"#/components/schemas/Attribution"},"changed":{"type":"boolean",)"
          R"("description":"Whether outcome, session, UTM values, rule or AI platform differ"}}})");
  out.key("WhatIfSummary")
      .raw(R"({"type":"object","properties":{"visits":{"type":"integer"},"errors":)"
           R"({"type":"integer"},"changed":{"type":"integer"},"by_outcome":{"type":"array",)"
           R"("description":"Of the changed visits, the most first","items":{"type":"object",)"
           R"("properties":{"from":{"$ref":"#/components/schemas/Outcome"},"to":)"
           R"({"$ref":"#/components/schemas/Outcome"},"visits":{"type":"integer"}}}},)"
           R"("by_rule":{"type":"array","description":"Visits that each rule decides, the biggest )"
           R"(change first","items":{"type":"object","properties":{"rule":)"
           R"({"$ref":"#/components/schemas/RuleReference"},"current":{"type":"integer"},)"
           R"("drafted":{"type":"integer"}}}}}})");
  out.key("AttributionOrResults")
      .raw(R"({"oneOf":[{"$ref":"#/components/schemas/Attribution"},)"
           R"({"$ref":"#/components/schemas/ComparedAttribution"},{"type":"object","required":)"
           R"(["results"],"properties":{"results":{"type":"array","items":{"oneOf":[)"
           R"({"$ref":"#/components/schemas/Attribution"},)"
           R"({"$ref":"#/components/schemas/ComparedAttribution"},)"
           R"({"$ref":"#/components/schemas/VisitError"}]}},"summary":)"
           R"({"$ref":"#/components/schemas/WhatIfSummary"}}}]})");
}

} // namespace

void write_visit_schemas(canonical_writer& out) {
  write_request_schemas(out);
  write_attribution_schemas(out);
  write_what_if_schemas(out);
}

} // namespace headwater::http
