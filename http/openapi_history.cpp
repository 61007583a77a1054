#include "domain/core/canonical_json.hpp"
#include "http/openapi.hpp"

#include <string>

namespace headwater::http {

namespace {

constexpr std::string_view point =
    R"({"type":"object","required":["version","time"],"properties":{"version":{"type":"integer"},)"
    R"("time":{"type":["string","null"],"format":"date-time","description":)"
    R"("null before the first event"}}})";

/// Who changed a rule last, without braces.
constexpr std::string_view touch =
    R"("by":{"type":"string","description":"Id of the token"},"at":{"type":"string","format":)"
    R"("date-time"},"version":{"type":"integer"})";

std::string touched(std::string_view resource) {
  return R"({"type":"array","items":{"allOf":[{"$ref":"#/components/schemas/)" +
         std::string(resource) + R"("},{"type":"object","properties":{)" + std::string(touch) +
         "}}]}}";
}

std::string kind_diff(std::string_view resource) {
  return R"({"type":"object","properties":{"added":)" + touched(resource) + R"(,"removed":)" +
         touched(resource) +
         R"(,"changed":{"type":"array","items":{"type":"object","properties":{"id":)"
         R"({"type":"integer"},"changes":{"type":"object","additionalProperties":{"type":)"
         R"("object","properties":{"from":{},"to":{}}}},)" +
         std::string(touch) + "}}}}}";
}

constexpr std::string_view rule_counts =
    R"({"type":"object","properties":{"active_count":{"type":"integer"},"total":)"
    R"({"type":"integer"}}})";

constexpr std::string_view kind_counts =
    R"({"type":"object","properties":{"added":{"type":"integer"},"changed":{"type":"integer"},)"
    R"("removed":{"type":"integer"},"unchanged":{"type":"integer"}}})";

} // namespace

void write_history_schemas(canonical_writer& out) {
  out.key("Event").raw(
      R"({"type":"object","required":["chain","header","part","salt"],"description":)"
      R"("payload_hash = SHA-256(salt, part) and chain = SHA-256(chain of the event before it in )"
      R"(its stream, header), over the very bytes that stand here","properties":{"chain":)"
      R"({"type":"string"},"header":{"type":"object","properties":{"payload_hash":{"type":)"
      R"("string"},"position":{"type":"integer"},"schema":{"type":"integer"},"sequence":{"type":)"
      R"("integer"},"stream":{"type":"string"},"time":{"type":"integer","description":"Microseconds since 1970, UTC"},)"
      R"("type":{"type":"string"}}},"part":{"type":["object","null"],"description":)"
      R"("null once erased"},"salt":{"type":["string","null"]}}})");
  out.key("EventPage")
      .raw(R"({"type":"object","description":"meta.end is where the stream ends, meta.next_after )"
           R"(what to ask for next, or null at the end","properties":{"events":{"type":"array",)"
           R"("maxItems":1000,"items":{"$ref":"#/components/schemas/Event"}}}})");
  out.key("RuleDiff")
      .raw(R"({"type":"object","properties":{"from":)" + std::string(point) + R"(,"to":)" +
           std::string(point) + R"(,"passthrough_referrers":)" + kind_diff("PassthroughReferrer") +
           R"(,"referrer_mappings":)" + kind_diff("ReferrerMapping") + "}}");
  out.key("RuleState")
      .raw(
          R"({"type":"object","required":["account_id","passthrough_referrers","referrer_mappings",)"
          R"("state_hash","time","version"],"properties":{"account_id":{"type":"string"},)"
          R"("passthrough_referrers":)" +
          std::string(rule_counts) + R"(,"referrer_mappings":)" + std::string(rule_counts) +
          R"(,"state_hash":{"type":"string","description":"SHA-256 of the canonical form of all rules, )"
          R"(as headwater log replay --state prints it"},"time":{"type":["string","null"],"format":)"
          R"("date-time","description":"null before the first event"},"version":{"type":"integer"}}})");
  out.key("RestoreOutcome")
      .raw(R"({"type":"object","properties":{"dry_run":{"type":"boolean"},"version":{"type":)"
           R"("integer","description":"Of the rules: since when this holds"},)"
           R"("passthrough_referrers":)" +
           std::string(kind_counts) + R"(,"referrer_mappings":)" + std::string(kind_counts) +
           R"(,"preview":{"type":"object","description":"Of a dry run"}}})");
}

} // namespace headwater::http
