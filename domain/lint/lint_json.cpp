// Implements render() of lint.hpp: findings as JSON.

#include "domain/lint/lint.hpp"

namespace headwater::attribution {
namespace {

constexpr std::array<std::string_view, 3> severities{"error", "warning", "info"};

// In the order of the enumeration.
constexpr std::array<std::string_view, lint_codes> codes{
    "never_matches",
    "shadowed",
    "behind_passthrough",
    "regex_limit_hit",
    "maybe_shadowed",
    "partly_shadowed",
    "equal_priority",
    "own_site",
    "too_broad",
    "no_label_boundary",
    "regex_without_anchor",
    "regex_without_literal",
    "regex_unescaped_dot",
    "redundant_passthrough",
    "usual_passthrough_host",
    "repeats_ai_platform",
    "overrides_ai_platform",
    "repeats_source_list",
    "unassigned_channel",
};

void write(json_writer& out, const lint_finding& one) {
  out.begin_object();
  out.member("code", to_string(one.code)).member("severity", to_string(one.severity));
  out.key("rules").begin_array();
  for (const auto& each : one.rules)
    out.begin_object().member("kind", each.kind).member("id", each.id).end_object();
  out.end_array();
  out.member("message", one.message).member("suggestion", one.suggestion);
  out.key("fix").begin_array();
  for (const auto& each : one.fix) {
    out.begin_object().member("method", each.method).member("path", each.path);
    if (!each.body.empty())
      out.key("body").raw(each.body);
    out.end_object();
  }
  out.end_array().end_object();
}

std::int64_t number(std::size_t count) {
  return static_cast<std::int64_t>(count);
}

} // namespace

std::string_view to_string(lint_severity severity) {
  return severities[static_cast<std::size_t>(severity) - 1];
}

std::string_view to_string(lint_code code) {
  return codes[static_cast<std::size_t>(code) - 1];
}

void render(json_writer& out, const lint_report& report) {
  out.begin_object().key("findings").begin_array();
  for (const auto& each : report.findings)
    write(out, each);
  out.end_array();
  out.member("total", number(report.total));
  out.key("by_severity").begin_object();
  for (std::size_t i = 0; i < severities.size(); ++i)
    out.member(severities[i], number(report.by_severity[i]));
  out.end_object();
  out.key("by_code").begin_object();
  for (std::size_t i = 0; i < codes.size(); ++i)
    if (report.by_code[i] > 0)
      out.member(codes[i], number(report.by_code[i]));
  out.end_object();
  out.member("rules", number(report.rules)).member("complete", report.complete);
  out.key("sites").begin_array();
  for (const auto& each : report.sites)
    out.string(each);
  out.end_array().end_object();
}

} // namespace headwater::attribution
