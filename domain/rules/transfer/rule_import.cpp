#include "domain/rules/transfer/rule_import.hpp"

#include "domain/rules/rule_kind.hpp"

#include <algorithm>
#include <unordered_map>

namespace headwater::attribution {
namespace {

/// The value of a rule's field as a client would send it.
json_value sent_form(const field_view& value) {
  return std::visit(
      []<class View>(const View& view) -> json_value {
        if constexpr (std::is_same_v<View, std::string_view>)
          return std::string(view);
        else if constexpr (std::is_same_v<View, bool> || std::is_same_v<View, std::int64_t>)
          return view;
        else
          return json_null{}; // nullable texts; rules have no lists
      },
      value);
}

/// Fields without a value in the row stay as they are. Pattern and match type belong together: a
/// new pattern without a match type is an exact one.
template <class Rule>
void keep_what_is_not_given(Rule& to, std::uint64_t given, const Rule& from) {
  const bool same_text = unique_text(to) == unique_text(from);
  std::uint64_t bit = 1;
  for (const auto& field : fields_of<Rule>()) {
    const bool is_given = (given & bit) != 0;
    bit <<= 1;
    if (!is_given && !field.spec.read_only && (same_text || field.spec.name != "match_type"))
      field.set(to, sent_form(field.get(from)));
  }
}

/// Whether an active rule of a parent domain does what the rule would do.
bool is_covered(const rule_store<passthrough_referrer>& rules, const passthrough_referrer& rule) {
  std::string_view domain = rule.domain;
  for (auto dot = domain.find('.'); dot != domain.npos; dot = domain.find('.')) {
    domain.remove_prefix(dot + 1);
    if (const auto parent = rules.find_text(domain); parent && parent->is_active)
      return true;
  }
  return false;
}
bool is_covered(const rule_store<referrer_mapping>&, const referrer_mapping&) {
  return false;
}

template <class Rule>
class planner {
public:
  planner(const rule_store<Rule>& rules, const import_rows<Rule>& rows, import_mode mode)
      : rules_(rules), rows_(rows.rows), mode_(mode), missing_only_(rows.missing_only),
        faults_(rows.faults), fault_count_(rows.fault_count), of_row_(rows_.size()) {
    claim_by_id();
    claim_by_text();
    if (mode == import_mode::merge)
      find_conflicts();
  }

  [[nodiscard]] result<import_plan<Rule>> plan(std::size_t most) && {
    if (fault_count_ > 0)
      return import_failure(std::move(faults_), fault_count_);
    import_plan<Rule> out;
    auto next_id = rules_.next_id();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (of_row_[i]) {
        change(out, i);
        continue;
      }
      if (missing_only_ && is_covered(rules_, rows_[i].rule)) {
        ++out.unchanged;
        continue;
      }
      out.added.push_back({rows_[i].rule, rows_[i].line, nullptr});
      out.added.back().rule.id = next_id++;
    }
    if (mode_ == import_mode::replace)
      rules_.each([&](const auto& rule) {
        if (!claimed_.contains(rule->id))
          out.removed.push_back(rule);
      });
    if (const auto total = rules_.total() - out.removed.size() + out.added.size(); total > most)
      return error(errc::max_entries_reached, "The account would have " + std::to_string(total) +
                                                  " of these rules; it has at most " +
                                                  std::to_string(most));
    return out;
  }

private:
  using pointer = std::shared_ptr<const Rule>;

  void claim_by_id() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto found = rows_[i].rule.id > 0 ? rules_.find(rows_[i].rule.id) : nullptr;
      if (!found)
        continue;
      const auto [other, is_first] = claimed_.emplace(found->id, i);
      if (is_first)
        of_row_[i] = std::move(found);
      else
        report(i, "id",
               "Rule " + std::to_string(found->id) + " is also in line " +
                   std::to_string(rows_[other->second].line));
    }
  }

  void claim_by_text() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (of_row_[i] || rows_[i].is_faulty)
        continue;
      auto found = rules_.find_text(unique_text(rows_[i].rule));
      if (found && claimed_.emplace(found->id, i).second)
        of_row_[i] = std::move(found);
    }
  }

  /// Finds rows that give their rule the text of another rule that stays. A row without a rule
  /// cannot, because it would belong to that rule.
  void find_conflicts() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!of_row_[i] || rows_[i].is_faulty)
        continue;
      const auto& text = unique_text(rows_[i].rule);
      const auto owner = rules_.find_text(text);
      if (owner && owner->id != of_row_[i]->id && !claimed_.contains(owner->id))
        report(i, rule_kind<Rule>::unique_field,
               "'" + text + "' belongs to rule " + std::to_string(owner->id) +
                   ", and this row is about rule " + std::to_string(of_row_[i]->id));
    }
  }

  void change(import_plan<Rule>& out, std::size_t row) const {
    const auto& before = of_row_[row];
    auto rule = rows_[row].rule;
    rule.id = before->id;
    if (mode_ == import_mode::merge)
      keep_what_is_not_given(rule, rows_[row].given, *before);
    rule.created_at = before->created_at;
    rule.updated_at = before->updated_at;
    rule.revision = before->revision;
    if (rule == *before) {
      ++out.unchanged;
      return;
    }
    // Times and revision come from the event's header.
    rule.created_at = rule.updated_at = 0;
    rule.revision = 0;
    out.changed.push_back({std::move(rule), rows_[row].line, before});
  }

  void report(std::size_t row, std::string_view name, std::string message) {
    ++fault_count_;
    faults_.push_back({row_path(row, body_path(name)), std::move(message), "duplicate_entry",
                       static_cast<std::int64_t>(rows_[row].line)});
  }

  const rule_store<Rule>& rules_;
  const std::vector<import_row<Rule>>& rows_;
  import_mode mode_;
  bool missing_only_;
  std::vector<fault> faults_;
  std::int64_t fault_count_;
  std::vector<pointer> of_row_; // null: the row is a new rule
  std::unordered_map<std::int64_t, std::size_t> claimed_;
};

} // namespace

location row_path(std::size_t row, const location& in_body) {
  return (location{"body"} / row).with_rest_of(in_body);
}

error import_failure(std::vector<fault> faults, std::int64_t count) {
  std::ranges::stable_sort(faults, {}, &fault::line);
  const auto told = static_cast<std::int64_t>(faults.size());
  auto out = validation_failure(std::move(faults));
  const auto& first = out.faults.front();
  out.message =
      "Nothing was imported: " + std::to_string(count) + (count == 1 ? " fault" : " faults") +
      (told < count
           ? ", " + std::to_string(told) + " of which are told, at least one of each faulty row"
           : "") +
      ". " + (first.line > 0 ? "Line " + std::to_string(first.line) + ", " : "") +
      to_string(first.at) + ": " + first.message;
  out.fault_count = count;
  return out;
}

template <class Rule>
result<import_plan<Rule>> plan_import(const rule_store<Rule>& rules, const import_rows<Rule>& rows,
                                      import_mode mode, std::size_t most) {
  return planner<Rule>(rules, rows, mode).plan(most);
}

template <class Rule>
import_counts counts_of(const import_plan<Rule>& plan, import_mode mode) {
  return {mode, static_cast<std::int64_t>(plan.added.size()),
          static_cast<std::int64_t>(plan.changed.size()),
          static_cast<std::int64_t>(plan.removed.size()), plan.unchanged};
}

template <class Rule>
std::optional<rules_imported<Rule>> to_event(import_plan<Rule> plan, import_mode mode) {
  if (plan.added.empty() && plan.changed.empty() && plan.removed.empty())
    return std::nullopt;
  rules_imported<Rule> event{mode, {}, {}, {}, plan.unchanged};
  event.added.reserve(plan.added.size());
  for (auto& each : plan.added)
    event.added.push_back(std::move(each.rule));
  event.changed.reserve(plan.changed.size());
  for (auto& each : plan.changed)
    event.changed.push_back(std::move(each.rule));
  event.removed.reserve(plan.removed.size());
  for (const auto& each : plan.removed)
    event.removed.push_back(each->id);
  return event;
}

// NOLINTBEGIN(bugprone-macro-parentheses): a type
#define HEADWATER_IMPORT_OF(rule)                                                                  \
  template result<import_plan<rule>> plan_import(                                                  \
      const rule_store<rule>&, const import_rows<rule>&, import_mode, std::size_t);                \
  template import_counts counts_of(const import_plan<rule>&, import_mode);                         \
  template std::optional<rules_imported<rule>> to_event(import_plan<rule>, import_mode);
HEADWATER_IMPORT_OF(passthrough_referrer)
HEADWATER_IMPORT_OF(referrer_mapping)
#undef HEADWATER_IMPORT_OF
// NOLINTEND(bugprone-macro-parentheses)

} // namespace headwater::attribution
