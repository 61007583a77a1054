#include "domain/rules/transfer/rule_restore.hpp"

#include "domain/rules/rules.hpp"

namespace headwater::attribution {
namespace {

/// Whether a client would see no difference except when it last changed.
template <class Rule>
bool same_values(const Rule& a, const Rule& b) {
  auto copy = a;
  copy.updated_at = b.updated_at;
  copy.revision = b.revision;
  return copy == b;
}

template <class Rule>
import_plan<Rule> plan_kind(const rule_store<Rule>& now, const rule_store<Rule>& then) {
  import_plan<Rule> out;
  out.unchanged = static_cast<std::int64_t>(then.total());
  now.each_difference(then, [&](const auto& old, const auto& current) {
    if (!old) {
      out.removed.push_back(current);
      return;
    }
    if (current && (current->revision == old->revision || same_values(*current, *old)))
      return;
    --out.unchanged;
    (current ? out.changed : out.added).push_back({*old, 0, current});
  });
  return out;
}

/// Takes the rules as they are in the event: updated_at and revision come from its header.
template <class Rule>
std::vector<Rule> rules_of(std::vector<typename import_plan<Rule>::planned> planned) {
  std::vector<Rule> out;
  out.reserve(planned.size());
  for (auto& each : planned) {
    each.rule.updated_at = 0;
    each.rule.revision = 0;
    out.push_back(std::move(each.rule));
  }
  return out;
}

template <class Rule>
restored_rules<Rule> event_of(import_plan<Rule> plan) {
  restored_rules<Rule> out;
  out.added = rules_of<Rule>(std::move(plan.added));
  out.changed = rules_of<Rule>(std::move(plan.changed));
  for (const auto& each : plan.removed)
    out.removed.push_back(each->id);
  out.unchanged = plan.unchanged;
  return out;
}

template <class Rule>
bool is_empty(const import_plan<Rule>& plan) {
  return plan.added.empty() && plan.changed.empty() && plan.removed.empty();
}

} // namespace

restore_plan plan_restore(const account_rules& now, const account_rules& then) {
  restore_plan out{plan_kind(now.passthrough_referrers(), then.passthrough_referrers()),
                   plan_kind(now.referrer_mappings(), then.referrer_mappings())};
  if (now.settings() != then.settings())
    out.attribution = changed_settings{now.shared_settings(), then.shared_settings()};
  return out;
}

restore_counts counts_of(const restore_plan& plan) {
  return {counts_of(plan.passthrough_referrers, import_mode::replace),
          counts_of(plan.referrer_mappings, import_mode::replace), plan.attribution.has_value()};
}

std::optional<rules_restored> to_event(restore_plan plan, const rules_point& as_of) {
  if (is_empty(plan.passthrough_referrers) && is_empty(plan.referrer_mappings) && !plan.attribution)
    return std::nullopt;
  rules_restored out{as_of, event_of(std::move(plan.passthrough_referrers)),
                     event_of(std::move(plan.referrer_mappings))};
  if (plan.attribution)
    out.attribution = *plan.attribution->after;
  return out;
}

} // namespace headwater::attribution
