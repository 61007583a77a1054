#include "domain/resolve/comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace headwater::attribution {

bool differ(const attribution_result& current, const attribution_result& drafted) {
  const auto same_rule = [&] {
    if (!current.rule || !drafted.rule)
      return !current.rule && !drafted.rule;
    return current.rule->kind == drafted.rule->kind && current.rule->id == drafted.rule->id &&
           current.rule->path == drafted.rule->path;
  };
  return current.outcome != drafted.outcome ||
         current.continues_session != drafted.continues_session || current.utm != drafted.utm ||
         current.ai_platform != drafted.ai_platform || current.known_name != drafted.known_name ||
         current.channel != drafted.channel || current.click_id != drafted.click_id || !same_rule();
}

void render(json_writer& out, const attribution_result& current, const attribution_result& drafted,
            bool explain) {
  out.begin_object().key("current");
  render(out, current, explain);
  out.key("drafted");
  render(out, drafted, explain);
  out.member("changed", differ(current, drafted)).end_object();
}

void comparison::add(const attribution_result& current, const attribution_result& drafted) {
  ++visits_;
  count(current, &decided::current);
  count(drafted, &decided::drafted);
  if (!differ(current, drafted))
    return;
  ++changed_;
  ++outcomes_[{current.outcome, drafted.outcome}];
}

void comparison::count(const attribution_result& of, std::int64_t decided::*in) {
  if (!of.rule)
    return;
  auto& rule = rules_[{of.rule->kind, of.rule->id, of.rule->path}];
  ++(rule.*in);
  if (rule.rule.kind.empty() || of.rule->draft)
    rule.rule = *of.rule;
}

void comparison::write_outcomes(json_writer& out) const {
  std::vector<std::pair<std::pair<outcome, outcome>, std::int64_t>> sorted(outcomes_.begin(),
                                                                           outcomes_.end());
  std::ranges::stable_sort(sorted, std::greater{}, [](const auto& each) { return each.second; });
  out.key("by_outcome").begin_array();
  for (const auto& [change, visits] : sorted)
    out.begin_object()
        .member("from", to_string(change.first))
        .member("to", to_string(change.second))
        .member("visits", visits)
        .end_object();
  out.end_array();
}

void comparison::write_rules(json_writer& out) const {
  std::vector<decided> sorted;
  sorted.reserve(rules_.size());
  for (const auto& [key, each] : rules_)
    sorted.push_back(each);
  std::ranges::stable_sort(sorted, std::greater{}, [](const decided& each) {
    return std::abs(each.drafted - each.current);
  });
  out.key("by_rule").begin_array();
  for (const auto& each : sorted) {
    out.begin_object().key("rule").begin_object();
    write_members(out, each.rule);
    out.end_object().member("current", each.current).member("drafted", each.drafted).end_object();
  }
  out.end_array();
}

void comparison::write(json_writer& out) const {
  out.begin_object().member("visits", visits_ + errors_).member("errors", errors_);
  out.member("changed", changed_);
  write_outcomes(out);
  write_rules(out);
  out.end_object();
}

} // namespace headwater::attribution
