#include "domain/core/canonical_json.hpp"
#include "http/rule_transfer.hpp"

namespace headwater::http {

namespace {

void write_counts(canonical_writer& out, const actors::import_outcome& of, bool dry_run) {
  const auto& counts = of.counts;
  out.member("mode", attribution::to_string(counts.mode)).member("dry_run", dry_run);
  out.member("rows", counts.added + counts.changed + counts.unchanged);
  out.member("added", counts.added).member("changed", counts.changed);
  out.member("removed", counts.removed).member("unchanged", counts.unchanged);
  out.member("version", static_cast<std::int64_t>(of.version));
}

/// What a create would be sent: no id, which another change may take first, and no times.
template <class Rule>
void write_settable(canonical_writer& out, const Rule& rule) {
  out.begin_object();
  for (const auto& field : fields_of<Rule>()) {
    if (field.spec.read_only)
      continue;
    out.key(field.spec.name);
    detail::write_canonical(out, field.get(rule));
  }
  out.end_object();
}

std::string as_json(const field_view& value) {
  canonical_writer out;
  detail::write_canonical(out, value);
  return std::move(out).str();
}

template <class Rule>
void write_changes(canonical_writer& out, const Rule& before, const Rule& after) {
  out.begin_object();
  for (const auto& field : fields_of<Rule>()) {
    if (field.spec.read_only)
      continue;
    const auto from = as_json(field.get(before));
    const auto to = as_json(field.get(after));
    if (from == to)
      continue;
    out.key(field.spec.name).begin_object();
    out.key("from").raw(from).key("to").raw(to).end_object();
  }
  out.end_object();
}

template <class Rule>
void write_preview(canonical_writer& out, const attribution::import_plan<Rule>& plan,
                   std::string_view account_id) {
  out.begin_object().key("added").begin_array();
  for (const auto& each : plan.added) {
    out.begin_object().member("line", static_cast<std::int64_t>(each.line)).key("rule");
    write_settable(out, each.rule);
    out.end_object();
  }
  out.end_array().key("changed").begin_array();
  for (const auto& each : plan.changed) {
    out.begin_object().member("line", static_cast<std::int64_t>(each.line));
    out.member("id", each.rule.id);
    out.member(attribution::unique_field<Rule>, unique_text(*each.before)).key("changes");
    write_changes(out, *each.before, each.rule);
    out.end_object();
  }
  out.end_array().key("removed").begin_array();
  for (const auto& each : plan.removed)
    write_resource(out, *each, account_id);
  out.end_array().end_object();
}

} // namespace

std::string import_as_json(const actors::import_outcome& of) {
  canonical_writer out;
  out.begin_object();
  write_counts(out, of, false);
  out.end_object();
  return std::move(out).str();
}

template <class Rule>
std::string dry_run_as_json(const attribution::import_plan<Rule>& plan,
                            const actors::import_outcome& of, std::string_view account_id) {
  canonical_writer out;
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
