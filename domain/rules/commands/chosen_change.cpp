#include "domain/rules/commands/chosen_change.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/json/ignored_names.hpp"
#include "domain/json/json_number.hpp"
#include "domain/rules/etag.hpp"
#include "domain/rules/rule_kind.hpp"

#include <algorithm>
#include <limits>

namespace headwater::attribution {
namespace {

/// A decision works out that many rules anew; a regular expression may take a millisecond.
constexpr std::size_t most_worked_out_anew = 100;

location place_of_id(std::size_t index) {
  return body_path("ids") / index;
}

void tell(std::vector<fault>& to, fault what) {
  if (to.size() < max_told_faults)
    to.push_back(std::move(what));
}

template <class Rule>
std::string no_such_rule(std::int64_t id) {
  return "There is no " + std::string(rule_kind<Rule>::words) + " " + std::to_string(id);
}

bool is_given(const draft& set, std::string_view name) {
  const auto* value = set.find(name);
  return value && !std::holds_alternative<json_null>(*value);
}

/// The name of the field that a fault below "body" is about.
std::string_view field_of(const fault& of) {
  const auto& steps = of.at.steps();
  const auto* name = steps.size() > 1 ? std::get_if<std::string>(&steps[1]) : nullptr;
  return name ? std::string_view(*name) : std::string_view();
}

/// The faults that the set has whatever the rule: all but those of a domain or pattern, whose form
/// depends on the rule's match type.
template <class Rule>
std::vector<fault> faults_of_set(const draft& set) {
  Rule blank;
  auto report = read_draft(set, read_mode::patch, false, blank);
  const auto of_types = static_cast<std::ptrdiff_t>(report.faults.size());
  check_limits(blank, report);
  const auto is_about_the_blank = [&](const fault& each) {
    return field_of(each) == rule_kind<Rule>::unique_field ||
           !is_given(set, field_of(each)); // null is one, too, that leaves what the rule has
  };
  report.faults.erase(
      std::remove_if(report.faults.begin() + of_types, report.faults.end(), is_about_the_blank),
      report.faults.end());
  const auto ordered = verdict<Rule>(report);
  return ordered ? std::vector<fault>{} : ordered.error().faults;
}

bool same_text(const passthrough_referrer& a, const passthrough_referrer& b) {
  return a.domain == b.domain;
}
bool same_text(const referrer_mapping& a, const referrer_mapping& b) {
  return a.referrer_pattern == b.referrer_pattern && a.match_type == b.match_type;
}

/// Fills in the rest of a row whose `before` is there. The set has no faults of its own.
template <class Rule>
void work_out_row(const draft& set, typename chosen_change<Rule>::row& row) {
  using kind = rule_kind<Rule>;
  row.after = *row.before;
  auto report = read_draft(set, read_mode::patch, false, row.after);
  // What is stored has its stored form already, and an expression need not be compiled again.
  if (!same_text(row.after, *row.before))
    normalise(row.after, report);
  check_limits(row.after, report);
  const auto good = verdict<Rule>(report);
  row.faults.clear();
  if (good)
    return;
  for (const auto& each : good.error().faults) {
    if (is_given(set, field_of(each)))
      row.faults.push_back({(body_path("set")).with_rest_of(each.at), each.message, each.type});
    else
      row.faults.push_back({place_of_id(row.index),
                            "The " + std::string(field_of(each)) + " of " +
                                std::string(kind::words) + " " + std::to_string(row.id) +
                                " would be refused: " + each.message,
                            each.type});
  }
}

/// An integer too large for any id becomes one that matches nothing.
std::optional<std::int64_t> chosen_id(const json_item& value) {
  if (const auto* id = std::get_if<std::int64_t>(&value))
    return *id;
  if (const auto* number = std::get_if<json_number>(&value); number && is_integral(number->text))
    return std::numeric_limits<std::int64_t>::max();
  return std::nullopt;
}

template <class Rule>
void take_ids(const std::vector<json_item>& ids, chosen_change<Rule>& out) {
  keyed_map<std::int64_t, std::size_t> first;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto id = chosen_id(ids[i]);
    if (!id) {
      tell(out.faults, {place_of_id(i), "Input should be a valid integer", "int_type"});
      continue;
    }
    const auto [other, is_first] = first.emplace(*id, i);
    if (is_first)
      out.rows.push_back({*id, i});
    else
      tell(out.faults, {place_of_id(i),
                        "Rule " + std::to_string(*id) + " is also in ids[" +
                            std::to_string(other->second) + "]",
                        "duplicate_entry"});
  }
}

/// Keeps of the set what are fields of a rule, so that a long body is not gone through once for
/// each of a thousand rules, and names the rest.
template <class Rule>
void take_set(chosen_rules& body, bool strict, chosen_change<Rule>& out) {
  ignored_names ignored;
  for (const auto& name : body.ignored_fields)
    ignored.add(name);
  for (const auto& name : unknown_fields<Rule>(body.set))
    ignored.add("set." + name);
  if (strict)
    for (const auto& name : ignored.all())
      tell(out.faults, {body_path(name), "Extra inputs are not permitted", "extra_forbidden"});
  else
    out.ignored_fields = ignored.all();
  for (auto& member : body.set.members)
    if (std::ranges::any_of(fields_of<Rule>(),
                            [&](const auto& field) { return field.spec.name == member.name; }))
      out.set.members.push_back(std::move(member));
  out.set.faults = std::move(body.set.faults);
  for (auto& each : faults_of_set<Rule>(out.set)) {
    each.at = body_path("set").with_rest_of(each.at);
    tell(out.faults, std::move(each));
  }
  out.set.faults.clear(); // they are told
  if (body.ids.size() > 1 && is_given(out.set, rule_kind<Rule>::unique_field))
    tell(out.faults, {body_path("set") / rule_kind<Rule>::unique_field,
                      "No two rules have the same " + std::string(rule_kind<Rule>::unique_word) +
                          ", so it can be set in one rule only",
                      "value_error"});
}

template <class Rule>
void note_normalised(chosen_change<Rule>& out) {
  const auto* sent = out.set.find(rule_kind<Rule>::unique_field);
  const auto* text = sent ? std::get_if<std::string>(sent) : nullptr;
  for (const auto& row : out.rows) {
    if (!row.before || !row.faults.empty() || out.normalised.size() == max_told_faults)
      continue;
    // Another match type may change the text, too.
    if (auto found = normalisation_of(text ? *text : unique_text(*row.before), row.after))
      out.normalised.push_back({row.id, *std::move(found)});
  }
}

/// Goes through the rows of a change on the rules of now.
template <class Rule>
class change_planner {
public:
  change_planner(const rule_store<Rule>& now, const chosen_change<Rule>& change)
      : now_(now), change_(change), faults_(change.faults) {}

  [[nodiscard]] result<import_plan<Rule>> plan(std::uint64_t version,
                                               const preconditions& precondition) && {
    CHECK(take_rows());
    if (!change_.faults.empty())
      return validation_failure(std::move(faults_));
    CHECK(precondition.check(etag_of(version)));
    find_conflicts();
    if (!faults_.empty())
      return validation_failure(std::move(faults_));
    return std::move(out_);
  }

private:
  using row = typename chosen_change<Rule>::row;

  [[nodiscard]] result<void> take_rows() {
    std::size_t anew = 0;
    for (const auto& each : change_.rows) {
      auto current = now_.find(each.id);
      if (!current) {
        tell(faults_, {place_of_id(each.index), no_such_rule<Rule>(each.id), "not_found"});
      } else if (!change_.faults.empty()) {
        continue; // it is refused whatever comes of the rules
      } else if (current == each.before) {
        take(each, each.index);
      } else if (++anew > most_worked_out_anew) {
        return error(errc::service_unavailable,
                     "Many of the rules have been changed meanwhile; send the change again");
      } else {
        row fresh{each.id, each.index, std::move(current)};
        work_out_row<Rule>(change_.set, fresh);
        take(fresh, each.index);
      }
    }
    return boost::system::in_place_value;
  }

  void take(const row& of, std::size_t index) {
    for (const auto& each : of.faults)
      tell(faults_, each);
    if (!of.faults.empty())
      return;
    if (of.after == *of.before) {
      ++out_.unchanged;
      return;
    }
    auto rule = of.after;
    // Times and revision come from the event's header.
    rule.created_at = rule.updated_at = 0;
    rule.revision = 0;
    out_.changed.push_back({std::move(rule), 0, of.before});
    indexes_.push_back(index);
  }

  /// Finds rules that would get the text of another rule. A text may change with its match type.
  void find_conflicts() {
    text_view_map<std::int64_t> texts;
    keyed_set<std::int64_t> freed;
    for (const auto& each : out_.changed)
      if (unique_text(each.rule) != unique_text(*each.before))
        freed.insert(each.rule.id);
    for (std::size_t i = 0; i < out_.changed.size(); ++i) {
      const auto& rule = out_.changed[i].rule;
      if (!freed.contains(rule.id))
        continue;
      const auto [other, is_first] = texts.emplace(unique_text(rule), rule.id);
      const auto owner = now_.find_text(unique_text(rule));
      if (!is_first)
        report_conflict(indexes_[i], rule, other->second);
      else if (owner && !freed.contains(owner->id))
        report_conflict(indexes_[i], rule, owner->id);
    }
  }

  void report_conflict(std::size_t index, const Rule& rule, std::int64_t other) {
    tell(faults_, {place_of_id(index),
                   "The " + std::string(rule_kind<Rule>::unique_word) + " of rule " +
                       std::to_string(rule.id) + " would be '" + unique_text(rule) +
                       "', which is that of rule " + std::to_string(other),
                   "duplicate_entry"});
  }

  const rule_store<Rule>& now_;
  const chosen_change<Rule>& change_;
  std::vector<fault> faults_;
  import_plan<Rule> out_;
  std::vector<std::size_t> indexes_; // of out_.changed, in "ids"
};

} // namespace

template <class Rule>
chosen_change<Rule> work_out(const rule_store<Rule>& rules, chosen_rules body, bool strict) {
  chosen_change<Rule> out;
  out.faults = std::move(body.faults);
  take_set(body, strict, out);
  take_ids(body.ids, out);
  for (auto& row : out.rows) {
    row.before = rules.find(row.id);
    if (row.before && out.faults.empty())
      work_out_row<Rule>(out.set, row);
  }
  if (out.faults.empty())
    note_normalised(out);
  return out;
}

template <class Rule>
result<import_plan<Rule>> plan_change(const rule_store<Rule>& now, std::uint64_t version,
                                      const chosen_change<Rule>& change,
                                      const preconditions& precondition) {
  return change_planner<Rule>(now, change).plan(version, precondition);
}

template <class Rule>
result<import_plan<Rule>> plan_removal(const rule_store<Rule>& now, std::uint64_t version,
                                       std::vector<std::int64_t> ids,
                                       const preconditions& precondition) {
  CHECK(precondition.check(etag_of(version)));
  std::ranges::sort(ids);
  import_plan<Rule> out;
  std::vector<fault> faults;
  for (const auto id : ids)
    if (auto found = now.find(id))
      out.removed.push_back(std::move(found));
    else if (faults.size() == max_told_faults)
      break; // nobody hears of more
    else
      tell(faults, {{"query", "ids"}, no_such_rule<Rule>(id), "not_found"});
  if (!faults.empty())
    return validation_failure(std::move(faults));
  return out;
}

std::size_t memory_to_work_out(const chosen_rules& of) {
  // A rule has at most thirteen texts and numbers; the longest are about 4 KiB together, most are
  // short. Texts that are set have passed the limits by then.
  constexpr std::size_t bytes_of_rule = 1'500;
  return of.ids.size() * bytes_of_rule;
}

// NOLINTBEGIN(bugprone-macro-parentheses): a type
#define HEADWATER_CHANGE_OF(rule)                                                                  \
  template chosen_change<rule> work_out(const rule_store<rule>&, chosen_rules, bool);              \
  template result<import_plan<rule>> plan_change(                                                  \
      const rule_store<rule>&, std::uint64_t, const chosen_change<rule>&, const preconditions&);   \
  template result<import_plan<rule>> plan_removal(                                                 \
      const rule_store<rule>&, std::uint64_t, std::vector<std::int64_t>, const preconditions&);
HEADWATER_CHANGE_OF(passthrough_referrer)
HEADWATER_CHANGE_OF(referrer_mapping)
#undef HEADWATER_CHANGE_OF
// NOLINTEND(bugprone-macro-parentheses)

} // namespace headwater::attribution
