#include "domain/rules/rule_events.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/canonical_rule.hpp"
#include "domain/rules/imported_payload.hpp"
#include "domain/rules/restored_payload.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/settings_fields.hpp"

#include <array>
#include <span>

namespace headwater::attribution {
namespace {

template <class Rule>
encoded_event whole(std::string_view type, const Rule& rule) {
  json_writer out;
  write_payload(out, rule, rule_kind<Rule>::event_layout);
  return {std::string(type), 1, std::move(out).str()};
}

struct encoder {
  template <class Rule>
  encoded_event operator()(const rule_created<Rule>& event) const {
    return whole(rule_kind<Rule>::created, event.rule);
  }
  template <class Rule>
  encoded_event operator()(const rule_changed<Rule>& event) const {
    return whole(rule_kind<Rule>::changed, event.rule);
  }
  template <class Rule>
  encoded_event operator()(const rule_deleted<Rule>& event) const {
    json_writer out;
    out.begin_object().member("id", event.id).end_object();
    return {std::string(rule_kind<Rule>::deleted), 1, std::move(out).str()};
  }
  template <class Rule>
  encoded_event operator()(const rules_imported<Rule>& event) const {
    return {std::string(rule_kind<Rule>::imported), 1,
            write_imported(event, rule_kind<Rule>::event_layout)};
  }
  encoded_event operator()(const rules_restored& event) const {
    return {"rules_restored", schema_of(event), write_restored(event)};
  }
  encoded_event operator()(const attribution_settings_changed& event) const {
    json_writer out;
    write_payload(out, event.settings, attribution_settings_v1);
    return {"attribution_settings_changed", 1, std::move(out).str()};
  }
};

template <class Event, class Rule>
result<rule_event> read_whole(std::string_view payload) {
  constexpr const auto& names = rule_kind<Rule>::event_layout;
  if (Rule quick{}; read_canonical_rule<Rule, names>(payload, quick))
    return rule_event(Event{std::move(quick)});
  TRY(auto rule, read_payload<Rule>(payload, names));
  return rule_event(Event{std::move(rule)});
}

template <class Rule>
result<rule_event> read_deleted(std::string_view payload) {
  TRY(auto rule, read_payload<Rule>(payload, deleted_rule_v1));
  return rule_event(rule_deleted<Rule>{rule.id});
}

template <class Rule>
result<rule_event> read_import(std::string_view payload) {
  TRY(auto event, read_imported<Rule>(payload, rule_kind<Rule>::event_layout));
  return rule_event(std::move(event));
}

template <int Schema>
result<rule_event> read_restore(std::string_view payload) {
  TRY(auto event, read_restored(payload, Schema));
  return rule_event(std::move(event));
}

result<rule_event> read_settings(std::string_view payload) {
  TRY(auto settings, read_payload<attribution_settings>(payload, attribution_settings_v1));
  return rule_event(attribution_settings_changed{std::move(settings)});
}

/// A layout that was once written, and is read for ever.
struct layout {
  std::string_view type;
  int schema;
  result<rule_event> (*read)(std::string_view);
};

template <class Rule, class Kind = rule_kind<Rule>>
constexpr std::array<layout, 4> layouts_of{{
    {Kind::created, 1, read_whole<rule_created<Rule>, Rule>},
    {Kind::changed, 1, read_whole<rule_changed<Rule>, Rule>},
    {Kind::deleted, 1, read_deleted<Rule>},
    {Kind::imported, 1, read_import<Rule>},
}};
constexpr std::array<layout, 3> other_layouts{{
    {"rules_restored", 1, read_restore<1>},
    {"rules_restored", 2, read_restore<2>},
    {"attribution_settings_changed", 1, read_settings},
}};

const layout* find_layout(std::string_view type, int schema) {
  for (const std::span<const layout> some :
       {std::span<const layout>(layouts_of<passthrough_referrer>),
        std::span<const layout>(layouts_of<referrer_mapping>),
        std::span<const layout>(other_layouts)})
    for (const auto& each : some)
      if (each.type == type && each.schema == schema)
        return &each;
  return nullptr;
}

} // namespace

std::string_view to_string(import_mode mode) {
  return mode == import_mode::merge ? "merge" : "replace";
}

std::optional<import_mode> parse_import_mode(std::string_view text) {
  for (const auto mode : {import_mode::merge, import_mode::replace})
    if (text == to_string(mode))
      return mode;
  return std::nullopt;
}

encoded_event encode(const rule_event& event) {
  return std::visit(encoder{}, event);
}

result<rule_event> decode(std::string_view type, int schema, std::string_view payload) {
  const auto* known = find_layout(type, schema);
  if (!known)
    return error(errc::corrupt_log,
                 "unknown event " + std::string(type) + " of schema " + std::to_string(schema));
  return known->read(payload);
}

} // namespace headwater::attribution
