#include "domain/rules/transfer/import_collector.hpp"

#include "domain/core/text.hpp"
#include "domain/rules/rule_kind.hpp"

#include <utility>

namespace headwater::attribution {

template <class Rule>
void import_collector<Rule>::report(fault what, bool is_first_of_row) {
  ++out_.fault_count;
  if (is_first_of_row || out_.faults.size() < max_told_faults)
    out_.faults.push_back(std::move(what));
}

template <class Rule>
void import_collector<Rule>::ignore(const std::string& name) {
  if (out_.ignored_fields.size() < max_told_faults && ignored_.insert(name).second)
    out_.ignored_fields.push_back(name);
}

template <class Rule>
void import_collector<Rule>::unknown(std::string_view name, std::size_t line) {
  if (options_->strict)
    report({body_path(quoted_key(name)), "Extra inputs are not permitted", "extra_forbidden",
            static_cast<std::int64_t>(line)});
  else
    ignore(quoted_key(name));
}

/// The row's id counts if the row names this account, or none.
template <class Rule>
void import_collector<Rule>::take_id(const draft& body, Rule& rule, read_report& report) const {
  const auto* owner = body.find("account_id");
  const auto* name = owner ? std::get_if<std::string>(owner) : nullptr;
  const bool is_own = !owner || std::holds_alternative<json_null>(*owner) ||
                      (name && (name->empty() || *name == options_->account_id));
  const auto* id = body.find("id");
  if (!id || !is_own || std::holds_alternative<json_null>(*id) || report.has_fault("id"))
    return;
  const auto& spec = detail::field_named<Rule>("id").spec;
  if (!detail::check_type(spec, *id, report.faults))
    return;
  rule.id = std::get<std::int64_t>(*id);
  detail::check_limit(spec, view_of(rule.id), report.faults);
}

template <class Rule>
void import_collector<Rule>::check_uniqueness(const import_row<Rule>& row, read_report& report) {
  if (report.has_fault(rule_kind<Rule>::unique_field))
    return;
  const auto& text = unique_text(row.rule);
  const auto [other, is_first] = lines_.emplace(text, row.line);
  if (!is_first)
    report.faults.push_back({body_path(rule_kind<Rule>::unique_field),
                             "'" + text + "' is also in line " + std::to_string(other->second),
                             "duplicate_entry"});
}

template <class Rule>
void import_collector<Rule>::note_normalised(const draft& body, const import_row<Rule>& row) {
  const auto* sent = body.find(rule_kind<Rule>::unique_field);
  auto found = normalisation_of(std::get<std::string>(*sent), row.rule);
  if (!found)
    return;
  ++out_.normalised.count;
  if (out_.normalised.told.size() < max_told_faults)
    out_.normalised.told.push_back({row.line, *std::move(found)});
}

template <class Rule>
void import_collector<Rule>::add(const draft& body, std::size_t line) {
  const auto index = count_++;
  if (index >= options_->most_rows)
    return;
  auto& row = out_.rows.emplace_back();
  row.line = line;
  auto report = read_draft(body, read_mode::create, options_->strict, row.rule);
  take_id(body, row.rule, report);
  normalise(row.rule, report);
  check_limits(row.rule, report);
  check_uniqueness(row, report);
  std::uint64_t bit = 1;
  for (const auto& field : fields_of<Rule>()) {
    const auto* value = body.find(field.spec.name);
    if (value && (field.spec.nullable || !std::holds_alternative<json_null>(*value)))
      row.given |= bit;
    bit <<= 1;
  }
  for (const auto& name : report.ignored_fields)
    ignore(name);
  auto good = verdict<Rule>(report);
  if (good)
    return note_normalised(body, row);
  row.is_faulty = true;
  auto refused = good.error();
  bool is_first = true;
  for (auto& fault : refused.faults) {
    fault.at = row_path(index, fault.at);
    fault.line = static_cast<std::int64_t>(line);
    this->report(std::move(fault), std::exchange(is_first, false));
  }
}

template <class Rule>
result<import_rows<Rule>> import_collector<Rule>::finish() && {
  if (count_ > options_->most_rows)
    return error(errc::payload_too_large, "An import has at most " +
                                              std::to_string(options_->most_rows) +
                                              " rules; this one has " + std::to_string(count_));
  return std::move(out_);
}

template class import_collector<passthrough_referrer>;
template class import_collector<referrer_mapping>;

} // namespace headwater::attribution
