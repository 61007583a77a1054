#include "domain/rules/transfer/rule_restore.hpp"

#include "domain/core/keyed_hash.hpp"
#include "domain/core/try.hpp"
#include "domain/json/fields.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rules.hpp"

#include <algorithm>

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

/// One rule; false if it is in neither of the states.
template <class Rule>
bool plan_one(import_plan<Rule>& out, const rule_store<Rule>& now, const rule_store<Rule>& then,
              std::int64_t id) {
  auto current = now.find(id);
  const auto old = then.find(id);
  if (!current && !old)
    return false;
  if (!old)
    out.removed.push_back(std::move(current));
  else if (current && same_values(*current, *old))
    ++out.unchanged;
  else
    (current ? out.changed : out.added).push_back({*old, 0, current});
  return true;
}

/// Whether no rule that stays has the text of one that is put back. Those that are put back all had
/// texts of their own.
template <class Rule>
result<void> check_texts(const import_plan<Rule>& plan, const rule_store<Rule>& now) {
  keyed_set<std::int64_t> freed;
  for (const auto& each : plan.removed)
    freed.insert(each->id);
  for (const auto& each : plan.changed)
    if (unique_text(each.rule) != unique_text(*each.before))
      freed.insert(each.rule.id);
  for (const auto* put_back : {&plan.added, &plan.changed})
    for (const auto& each : *put_back) {
      const auto owner = now.find_text(unique_text(each.rule));
      if (!owner || owner->id == each.rule.id || freed.contains(owner->id))
        continue;
      using kind = rule_kind<Rule>;
      error found(errc::duplicate_entry,
                  std::string(kind::title) + " " + std::to_string(each.rule.id) + " had the " +
                      std::string(kind::unique_word) + " '" + unique_text(each.rule) +
                      "' then, which " + std::string(kind::words) + " " +
                      std::to_string(owner->id) + " has now");
      found.existing_id = owner->id;
      return found;
    }
  return boost::system::in_place_value;
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

result<restore_plan> plan_restore(const account_rules& now, const account_rules& then,
                                  const restored_choice& chosen) {
  restore_plan out;
  std::vector<fault> faults;
  each_rule_kind([&](auto kind) {
    using rule = rule_of<decltype(kind)>;
    auto ids = kind.in(chosen);
    std::ranges::sort(ids); // as in every event
    for (const auto id : ids)
      if (!plan_one(kind.in(out), now.of<rule>(), then.of<rule>(), id) &&
          faults.size() < max_told_faults)
        faults.push_back({{"query", "rules"},
                          "There is no " + std::string(kind.words) + " " + std::to_string(id) +
                              ", and there was none then",
                          "not_found"});
  });
  if (!faults.empty())
    return validation_failure(std::move(faults));
  CHECK(check_texts(out.passthrough_referrers, now.passthrough_referrers()));
  CHECK(check_texts(out.referrer_mappings, now.referrer_mappings()));
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
