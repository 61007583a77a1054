#include "domain/resolve/explanation/tried_rules.hpp"

#include <algorithm>
#include <optional>

namespace headwater::attribution {
namespace {

/// How many mappings are tried for one explanation: enough to list, and to count many of the rest.
constexpr std::size_t most_candidates = 200;

/// Whether `left` is tried before `right`.
bool comes_before(const referrer_mapping& left, const referrer_mapping& right) {
  return left.priority != right.priority ? left.priority > right.priority : left.id < right.id;
}

/// How a mapping fared; nothing if it was not tried because another had decided.
std::optional<trial> trial_of(const tried_mapping& tried, const referrer_mapping* decided) {
  if (decided && tried.rule->id == decided->id)
    return trial::decided;
  const bool after = decided && comes_before(*decided, *tried.rule);
  switch (tried.outcome) {
  case match_result::match:
    if (!after)
      return trial::not_run;
    return tried.rule->priority == decided->priority ? trial::same_priority_later
                                                     : trial::lower_priority;
  case match_result::limit_hit:
    return after ? std::nullopt : std::optional(trial::gave_up);
  case match_result::no_match:
    return after ? std::nullopt : std::optional(trial::no_match);
  case match_result::not_run:
    return after ? std::nullopt : std::optional(trial::not_run);
  }
  return std::nullopt;
}

} // namespace

rule_reference name_rule(const draft_marks* marks, std::string_view kind, std::int64_t id) {
  return marks ? marks->reference(kind, id) : rule_reference{kind, id};
}

std::vector<tried_rule> covering_rules(const rule_set& rules, std::string_view host, trial first,
                                       const draft_marks* marks) {
  std::vector<tried_rule> found;
  while (const auto* rule = rules.passthrough(host)) {
    found.push_back({name_rule(marks, rule_kind<passthrough_referrer>::name, rule->id),
                     found.empty() ? first : trial::less_specific});
    const auto dot = rule->domain.find('.');
    if (dot == std::string::npos)
      break;
    host = std::string_view(rule->domain).substr(dot + 1);
  }
  return found;
}

std::vector<tried_rule> tried_mappings(const rule_set& rules, std::string_view host,
                                       const referrer_mapping* decided,
                                       std::span<const std::int64_t> limit_hits,
                                       const draft_marks* marks) {
  std::vector<tried_rule> found;
  // If the visit's budget was used up, the last of these is the first that was not run; it may lie
  // far behind those that are tried again here.
  bool is_last_hit_found = limit_hits.empty();
  for (const auto& each : rules.candidates(host, most_candidates))
    if (const auto became = trial_of(each, decided)) {
      found.push_back(
          {name_rule(marks, rule_kind<referrer_mapping>::name, each.rule->id), *became});
      is_last_hit_found = is_last_hit_found || each.rule->id == limit_hits.back();
    }
  if (!is_last_hit_found)
    found.push_back(
        {name_rule(marks, rule_kind<referrer_mapping>::name, limit_hits.back()), trial::not_run});
  const auto is_decided = [](const tried_rule& each) { return each.outcome == trial::decided; };
  // There may be so many others before it that it was not among the candidates.
  if (decided && std::ranges::none_of(found, is_decided))
    found.push_back(
        {name_rule(marks, rule_kind<referrer_mapping>::name, decided->id), trial::decided});
  std::ranges::stable_sort(found, {}, &tried_rule::outcome);
  return found;
}

void list_rules(step_explanation& in, std::vector<tried_rule> tried) {
  in.rules_omitted = static_cast<std::int64_t>(tried.size());
  tried.resize(std::min(tried.size(), max_tried_rules));
  in.rules_omitted -= static_cast<std::int64_t>(tried.size());
  in.rules = std::move(tried);
}

} // namespace headwater::attribution
