#include "domain/json/json_writer.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/settings_fields.hpp"
#include "domain/rules/transfer/rule_diff.hpp"
#include "http/rules/rule_transfer.hpp"

namespace headwater::http {

namespace {

void write_counts(json_writer& out, const actors::import_outcome& of, bool dry_run) {
  const auto& counts = of.counts;
  out.member("mode", attribution::to_string(counts.mode)).member("dry_run", dry_run);
  out.member("rows", counts.added + counts.changed + counts.unchanged);
  out.member("added", counts.added).member("changed", counts.changed);
  out.member("removed", counts.removed).member("unchanged", counts.unchanged);
  out.member("version", static_cast<std::int64_t>(of.version));
}

/// What a create would be sent: no id, which another change may take first, and no times.
template <class Rule>
void write_settable(json_writer& out, const Rule& rule) {
  out.begin_object();
  for (const auto& field : fields_of<Rule>()) {
    if (field.spec.read_only)
      continue;
    out.key(field.spec.name);
    headwater::detail::write_canonical(out, field.get(rule));
  }
  out.end_object();
}

template <class Rule>
void write_preview(json_writer& out, const attribution::import_plan<Rule>& plan,
                   std::string_view account_id) {
  out.begin_object().key("added").begin_array();
  for (const auto& each : plan.added) {
    if (each.line == 0) { // put back as it was
      write_resource(out, each.rule, account_id);
      continue;
    }
    out.begin_object().member("line", static_cast<std::int64_t>(each.line)).key("rule");
    write_settable(out, each.rule);
    out.end_object();
  }
  out.end_array().key("changed").begin_array();
  for (const auto& each : plan.changed) {
    out.begin_object();
    if (each.line > 0)
      out.member("line", static_cast<std::int64_t>(each.line));
    out.member("id", each.rule.id);
    out.member(attribution::rule_kind<Rule>::unique_field, unique_text(*each.before))
        .key("changes");
    attribution::write_changes(out, *each.before, each.rule);
    out.end_object();
  }
  out.end_array().key("removed").begin_array();
  for (const auto& each : plan.removed)
    write_resource(out, *each, account_id);
  out.end_array().end_object();
}

void write_kind_counts(json_writer& out, const attribution::import_counts& counts) {
  out.begin_object().member("added", counts.added).member("changed", counts.changed);
  out.member("removed", counts.removed).member("unchanged", counts.unchanged).end_object();
}

void write_counts(json_writer& out, const actors::restore_outcome& of, bool dry_run) {
  out.member("dry_run", dry_run).member("version", static_cast<std::int64_t>(of.version));
  attribution::each_rule_kind([&](auto kind) {
    out.key(kind.names);
    write_kind_counts(out, kind.in(of.counts));
  });
  out.key("attribution").begin_object().member("changed", of.counts.attribution).end_object();
}

} // namespace

std::string restore_as_json(const actors::restore_outcome& of) {
  json_writer out;
  out.begin_object();
  write_counts(out, of, false);
  out.end_object();
  return std::move(out).str();
}

std::string restore_preview_as_json(const attribution::restore_plan& plan,
                                    const actors::restore_outcome& of,
                                    std::string_view account_id) {
  json_writer out;
  out.begin_object();
  write_counts(out, of, true);
  out.key("preview").begin_object();
  attribution::each_rule_kind([&](auto kind) {
    out.key(kind.names);
    write_preview(out, kind.in(plan), account_id);
  });
  out.key("attribution").begin_object().key("changes");
  if (const auto& changed = plan.attribution)
    attribution::write_changes(out, *changed->before, *changed->after);
  else
    out.begin_object().end_object();
  out.end_object().end_object().end_object();
  return std::move(out).str();
}

std::string import_as_json(const actors::import_outcome& of) {
  json_writer out;
  out.begin_object();
  write_counts(out, of, false);
  out.end_object();
  return std::move(out).str();
}

template <class Rule>
std::string dry_run_as_json(const attribution::import_plan<Rule>& plan,
                            const actors::import_outcome& of, std::string_view account_id) {
  json_writer out;
  out.begin_object();
  write_counts(out, of, true);
  out.key("preview");
  write_preview(out, plan, account_id);
  out.end_object();
  return std::move(out).str();
}

template std::string
dry_run_as_json(const attribution::import_plan<attribution::passthrough_referrer>&,
                const actors::import_outcome&, std::string_view);
template std::string dry_run_as_json(const attribution::import_plan<attribution::referrer_mapping>&,
                                     const actors::import_outcome&, std::string_view);

} // namespace headwater::http
