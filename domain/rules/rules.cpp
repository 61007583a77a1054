#include "domain/rules/rules.hpp"

#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rule_pattern.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace headwater::attribution {

struct account_rules::derived {
  std::once_flag order_once;
  std::atomic<bool> is_used = false;
  std::vector<std::shared_ptr<const referrer_mapping>> order;
};

namespace {

template <class Rule>
bool create(rule_store<Rule>& rules, Rule&& rule, const event_meta& meta) {
  rule.created_at = rule.updated_at = meta.time;
  rule.revision = meta.sequence;
  attach_pattern(rule, nullptr, rules.patterns());
  return rules.insert(std::forward<Rule>(rule));
}

template <class Rule>
void stamp_changed(Rule& rule, const Rule& before, const rule_store<Rule>& rules,
                   const event_meta& meta) {
  rule.created_at = before.created_at;
  rule.updated_at = meta.time;
  rule.revision = meta.sequence;
  attach_pattern(rule, &before, rules.patterns());
}

template <class Rule>
bool change(rule_store<Rule>& rules, Rule rule, const event_meta& meta) {
  const auto before = rules.find(rule.id);
  if (!before)
    return false;
  stamp_changed(rule, *before, rules, meta);
  return rules.replace(std::move(rule));
}

/// All or nothing, on a copy. Removals come first, because their texts may be used again.
template <class Rule>
bool import_all(rule_store<Rule>& rules, const rules_imported<Rule>& event,
                const event_meta& meta) {
  auto next = rules;
  for (const auto id : event.removed)
    if (!next.erase(id))
      return false;
  auto changed = event.changed;
  for (auto& rule : changed) {
    const auto before = next.find(rule.id);
    if (!before)
      return false;
    stamp_changed(rule, *before, next, meta);
  }
  if (!next.replace_all(std::move(changed)))
    return false;
  for (const auto& rule : event.added)
    if (!create(next, Rule{rule}, meta))
      return false;
  rules = std::move(next);
  return true;
}

/// All or nothing, on a copy, like an import. The rules include their created_at.
template <class Rule>
bool put_back(rule_store<Rule>& rules, restored_rules<Rule> event, const event_meta& meta) {
  const auto stamp = [&](Rule& rule, const Rule* before) {
    rule.updated_at = meta.time;
    rule.revision = meta.sequence;
    attach_pattern(rule, before, rules.patterns());
  };
  for (const auto id : event.removed)
    if (!rules.erase(id))
      return false;
  for (auto& rule : event.changed) {
    const auto before = rules.find(rule.id);
    if (!before)
      return false;
    stamp(rule, before.get());
  }
  if (!rules.replace_all(std::move(event.changed)))
    return false;
  for (auto& rule : event.added) {
    stamp(rule, nullptr);
    if (!rules.put_back(std::move(rule)))
      return false;
  }
  return true;
}

template <class Stores>
struct applier {
  Stores& stores;
  const event_meta& meta;

  template <class Rule>
  [[nodiscard]] rule_store<Rule>& of() const {
    return std::get<rule_store<Rule>>(stores);
  }

  template <class Rule>
  bool operator()(const rule_created<Rule>& event) const {
    return create(of<Rule>(), Rule{event.rule}, meta);
  }
  template <class Rule>
  bool operator()(rule_created<Rule>&& event) const {
    return create(of<Rule>(), std::move(event.rule), meta);
  }
  template <class Rule>
  bool operator()(const rule_changed<Rule>& event) const {
    return change(of<Rule>(), event.rule, meta);
  }
  template <class Rule>
  bool operator()(const rule_deleted<Rule>& event) const {
    return of<Rule>().erase(event.id);
  }
  template <class Rule>
  bool operator()(const rules_imported<Rule>& event) const {
    return import_all(of<Rule>(), event, meta);
  }
  bool operator()(const rules_restored& event) const {
    auto then = stores;
    bool fits = true;
    each_rule_kind([&](auto kind) {
      auto& rules = std::get<rule_store<rule_of<decltype(kind)>>>(then);
      fits = fits && put_back(rules, kind.in(event), meta);
    });
    if (fits)
      stores = std::move(then);
    return fits;
  }
};

template <class Rule>
void write_rules(json_writer& out, const rule_store<Rule>& rules) {
  out.begin_array();
  rules.each([&](const auto& rule) {
    out.begin_object().member("revision", static_cast<std::int64_t>(rule->revision)).key("rule");
    write_payload(out, *rule, rule_kind<Rule>::stored_layout);
    out.end_object();
  });
  out.end_array();
}

} // namespace

account_rules::account_rules()
    : settings_(default_settings()), derived_(std::make_shared<derived>()) {}

template <class Event>
result<void> account_rules::apply_any(Event&& event, const event_meta& meta) {
  if (meta.sequence != version_ + 1)
    return error(errc::corrupt_log, "sequence " + std::to_string(meta.sequence) + " follows " +
                                        std::to_string(version_));
  // A rule is moved out of its event only if it is accepted.
  if (!std::visit(applier<decltype(stores_)>{stores_, meta}, std::forward<Event>(event))) {
    const auto bytes = encode(event); // NOLINT(bugprone-use-after-move)
    return error(errc::corrupt_log,
                 bytes.type + " at sequence " + std::to_string(meta.sequence) +
                     " does not fit the rules before it: " + bytes.payload.substr(0, 1000));
  }
  version_ = meta.sequence;
  renew_derived();
  return boost::system::in_place_value;
}

/// Keeps what no copy shares and has not been computed yet, which is the case throughout a replay.
void account_rules::renew_derived() {
  const bool is_shared = derived_.use_count() > 1;
  // As a fence: what a thread did with a copy that it has dropped comes before. TSan sees this one.
  if (!is_shared)
    std::shared_ptr(derived_).reset();
  if (is_shared || derived_->is_used)
    derived_ = std::make_shared<derived>();
}

result<void> account_rules::apply(const rule_event& event, const event_meta& meta) {
  return apply_any(event, meta);
}

result<void> account_rules::apply(rule_event&& event, const event_meta& meta) {
  return apply_any(std::move(event), meta);
}

const std::vector<std::shared_ptr<const referrer_mapping>>&
account_rules::mappings_in_order() const {
  std::call_once(derived_->order_once, [this] {
    derived_->is_used = true;
    auto order = referrer_mappings().all();
    // They are sorted by id already, so a stable sort keeps equal priorities in the order of ids.
    std::ranges::stable_sort(order, std::greater{},
                             [](const auto& rule) { return rule->priority; });
    derived_->order = std::move(order);
  });
  return derived_->order;
}

std::string account_rules::canonical() const {
  json_writer out;
  out.begin_object();
  each_rule_kind([&](auto kind) {
    const auto next = of<rule_of<decltype(kind)>>().next_id();
    out.member("next_" + std::string(kind.name) + "_id", next);
  });
  each_rule_kind([&](auto kind) {
    out.key(kind.names);
    write_rules(out, of<rule_of<decltype(kind)>>());
  });
  out.member("version", static_cast<std::int64_t>(version_)).end_object();
  return std::move(out).str();
}

} // namespace headwater::attribution
