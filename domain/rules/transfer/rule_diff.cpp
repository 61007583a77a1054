#include "domain/rules/transfer/rule_diff.hpp"

#include "domain/rules/rule_kind.hpp"
#include "domain/rules/settings_fields.hpp"

namespace headwater::attribution {
namespace {

/// Calls `visit` with kind (a null pointer of the rule's type) and id of each rule that an event
/// concerns; for settings with a null pointer of theirs, and 0.
template <class Visit>
struct each_touched {
  Visit visit;

  template <class Rule>
  void all(const std::vector<Rule>& rules) const {
    for (const auto& rule : rules)
      visit(static_cast<const Rule*>(nullptr), rule.id);
  }
  template <class Rule, class Change>
  void change(const Change& of) const {
    all(of.added);
    all(of.changed);
    for (const auto id : of.removed)
      visit(static_cast<const Rule*>(nullptr), id);
  }

  template <class Event>
  requires requires(const Event& event) { event.rule; }
  void operator()(const Event& event) const { visit(&event.rule, event.rule.id); }
  template <class Rule>
  void operator()(const rule_deleted<Rule>& event) const {
    visit(static_cast<const Rule*>(nullptr), event.id);
  }
  template <class Rule>
  void operator()(const rules_imported<Rule>& event) const {
    change<Rule>(event);
  }
  void operator()(const rules_restored& event) const {
    each_rule_kind(
        [&](auto kind) { this->template change<rule_of<decltype(kind)>>(kind.in(event)); });
    if (event.attribution)
      visit(&*event.attribution, 0);
  }
  void operator()(const attribution_settings_changed& event) const { visit(&event.settings, 0); }
};

void write_touch(json_writer& out, const rule_touch& touch) {
  out.member("by", touch.by).member("by_name", touch.by_name);
  out.member("at", to_rfc3339_micros(touch.at));
  out.member("version", static_cast<std::int64_t>(touch.version));
}

/// A whole rule with its last change.
template <class Rule>
void write_rule(json_writer& out, const Rule& rule, const rule_touches& touched,
                std::string_view account_id) {
  json_writer whole;
  write_resource(whole, rule, account_id);
  const std::string_view text = whole.view();
  out.begin_object().piece(text.substr(1, text.size() - 2));
  // The members of the change follow those of the rule.
  if (const auto* touch = touched.find(rule)) {
    out.piece(",");
    write_touch(out, *touch);
  }
  out.end_object();
}

template <class Rule>
void write_kind(json_writer& out, const import_plan<Rule>& plan, const rule_touches& touched,
                std::string_view account_id) {
  out.begin_object().key("added").begin_array();
  for (const auto& each : plan.added)
    write_rule(out, each.rule, touched, account_id);
  out.end_array().key("removed").begin_array();
  for (const auto& each : plan.removed)
    write_rule(out, *each, touched, account_id);
  out.end_array().key("changed").begin_array();
  for (const auto& each : plan.changed) {
    out.begin_object().member("id", each.rule.id);
    out.member(rule_kind<Rule>::unique_field, unique_text(each.rule)).key("changes");
    write_changes(out, *each.before, each.rule);
    if (const auto* touch = touched.find(each.rule))
      write_touch(out, *touch);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_settings(json_writer& out, const std::optional<changed_settings>& changed,
                    const rule_touch* touch) {
  out.begin_object().key("changes");
  if (!changed) {
    out.begin_object().end_object().end_object();
    return;
  }
  write_changes(out, *changed->before, *changed->after);
  if (touch)
    write_touch(out, *touch);
  out.end_object();
}

} // namespace

void rule_touches::add(const rule_event& event, const event_meta& meta, const std::string& by,
                       const std::optional<std::string>& by_name) {
  const auto note = [&]<class Touched>(const Touched*, std::int64_t id) {
    rule_touch touch{meta.sequence, meta.time, by, by_name};
    if constexpr (std::is_same_v<Touched, attribution_settings>)
      settings_ = std::move(touch);
    else
      of<Touched>().insert_or_assign(id, std::move(touch));
  };
  std::visit(each_touched<decltype(note)>{note}, event);
}

const rule_touch* rule_touches::find(const passthrough_referrer& rule) const {
  const auto found = referrers_.find(rule.id);
  return found == referrers_.end() ? nullptr : &found->second;
}

const rule_touch* rule_touches::find(const referrer_mapping& rule) const {
  const auto found = mappings_.find(rule.id);
  return found == mappings_.end() ? nullptr : &found->second;
}

void write_point(json_writer& out, const rules_point& at) {
  out.begin_object().member("version", static_cast<std::int64_t>(at.version)).key("time");
  if (at.version == 0)
    out.null();
  else
    out.string(to_rfc3339_micros(at.time));
  out.end_object();
}

void write_difference(json_writer& out, const rules_point& from, const rules_point& to,
                      const restore_plan& plan, const rule_touches& touched,
                      std::string_view account_id) {
  out.begin_object().key("from");
  write_point(out, from);
  out.key("to");
  write_point(out, to);
  each_rule_kind([&](auto kind) {
    out.key(kind.names);
    write_kind(out, kind.in(plan), touched, account_id);
  });
  out.key("attribution");
  write_settings(out, plan.attribution, touched.of_settings());
  out.end_object();
}

} // namespace headwater::attribution
