#include "domain/attribution/lint.hpp"
#include "http/openapi.hpp"

namespace headwater::http {

/// Severities and codes are those of the linter; the schema names them so that clients can switch.
void write_lint_schemas(canonical_writer& out) {
  out.key("LintFinding").begin_object().member("type", "object").key("properties").begin_object();
  out.key("code").begin_object().member("type", "string").key("enum").begin_array();
  for (std::size_t i = 1; i <= attribution::lint_codes; ++i)
    out.string(attribution::to_string(static_cast<attribution::lint_code>(i)));
  out.end_array().end_object();
  out.key("severity").raw(R"({"type":"string","enum":["error","warning","info"]})");
  out.key("rules").raw(R"({"type":"array","items":{"type":"object","properties":{"kind":)"
                       R"({"type":"string","enum":["passthrough_referrer","referrer_mapping"]},)"
                       R"("id":{"type":"integer"}}}})");
  out.key("message").raw(R"({"type":"string"})").key("suggestion").raw(R"({"type":"string"})");
  out.key("fix").raw(R"({"type":"array","items":{"type":"object","properties":{"method":)"
                     R"({"type":"string"},"path":{"type":"string"},"body":{"type":"object"}}}})");
  out.end_object().end_object();
  out.key("RuleLint")
      .raw(R"({"type":"object","properties":{"findings":{"type":"array","items":)"
           R"({"$ref":"#/components/schemas/LintFinding"}},"total":{"type":"integer"},)"
           R"("by_severity":{"type":"object"},"by_code":{"type":"object"},"rules":)"
           R"({"type":"integer"},"complete":{"type":"boolean"},"sites":{"type":"array","items":)"
           R"({"type":"string"}}}})");
}

} // namespace headwater::http
