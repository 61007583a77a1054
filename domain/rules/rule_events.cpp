#include "domain/rules/rule_events.hpp"

#include "domain/core/try.hpp"
#include "domain/rules/canonical_rule.hpp"
#include "domain/rules/imported_payload.hpp"
#include "domain/rules/restored_payload.hpp"
#include "domain/rules/rule_payload.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

template <class Rule>
encoded_event whole(std::string type, const Rule& rule, std::span<const std::string_view> names) {
  json_writer out;
  write_payload(out, rule, names);
  return {std::move(type), 1, std::move(out).str()};
}

encoded_event deleted(std::string type, std::int64_t id) {
  json_writer out;
  out.begin_object().member("id", id).end_object();
  return {std::move(type), 1, std::move(out).str()};
}

struct encoder {
  encoded_event operator()(const passthrough_referrer_created& event) const {
    return whole("passthrough_referrer_created", event.rule, passthrough_referrer_v1);
  }
  encoded_event operator()(const passthrough_referrer_changed& event) const {
    return whole("passthrough_referrer_changed", event.rule, passthrough_referrer_v1);
  }
  encoded_event operator()(const passthrough_referrer_deleted& event) const {
    return deleted("passthrough_referrer_deleted", event.id);
  }
  encoded_event operator()(const referrer_mapping_created& event) const {
    return whole("referrer_mapping_created", event.rule, referrer_mapping_v1);
  }
  encoded_event operator()(const referrer_mapping_changed& event) const {
    return whole("referrer_mapping_changed", event.rule, referrer_mapping_v1);
  }
  encoded_event operator()(const referrer_mapping_deleted& event) const {
    return deleted("referrer_mapping_deleted", event.id);
  }
  encoded_event operator()(const passthrough_referrers_imported& event) const {
    return {"passthrough_referrers_imported", 1, write_imported(event, passthrough_referrer_v1)};
  }
  encoded_event operator()(const referrer_mappings_imported& event) const {
    return {"referrer_mappings_imported", 1, write_imported(event, referrer_mapping_v1)};
  }
  encoded_event operator()(const rules_restored& event) const {
    return {"rules_restored", 1, write_restored(event)};
  }
};

template <class Event, class Rule, auto& Names>
result<rule_event> read_whole(std::string_view payload) {
  if (Rule quick{}; read_canonical_rule<Rule, Names>(payload, quick))
    return rule_event(Event{std::move(quick)});
  TRY(auto rule, read_payload<Rule>(payload, Names));
  return rule_event(Event{std::move(rule)});
}

template <class Event, class Rule>
result<rule_event> read_deleted(std::string_view payload) {
  TRY(auto rule, read_payload<Rule>(payload, deleted_rule_v1));
  return rule_event(Event{rule.id});
}

template <class Rule, auto& Names>
result<rule_event> read_import(std::string_view payload) {
  TRY(auto event, read_imported<Rule>(payload, Names));
  return rule_event(std::move(event));
}

result<rule_event> read_restore(std::string_view payload) {
  TRY(auto event, read_restored(payload));
  return rule_event(std::move(event));
}

/// Every layout ever written.
struct layout {
  std::string_view type;
  int schema;
  result<rule_event> (*read)(std::string_view);
};
constexpr layout layouts[] = {
    {"passthrough_referrer_created", 1,
     read_whole<passthrough_referrer_created, passthrough_referrer, passthrough_referrer_v1>},
    {"passthrough_referrer_changed", 1,
     read_whole<passthrough_referrer_changed, passthrough_referrer, passthrough_referrer_v1>},
    {"passthrough_referrer_deleted", 1,
     read_deleted<passthrough_referrer_deleted, passthrough_referrer>},
    {"referrer_mapping_created", 1,
     read_whole<referrer_mapping_created, referrer_mapping, referrer_mapping_v1>},
    {"referrer_mapping_changed", 1,
     read_whole<referrer_mapping_changed, referrer_mapping, referrer_mapping_v1>},
    {"referrer_mapping_deleted", 1, read_deleted<referrer_mapping_deleted, referrer_mapping>},
    {"passthrough_referrers_imported", 1,
     read_import<passthrough_referrer, passthrough_referrer_v1>},
    {"referrer_mappings_imported", 1, read_import<referrer_mapping, referrer_mapping_v1>},
    {"rules_restored", 1, read_restore},
};

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
  const auto* known = std::ranges::find_if(
      layouts, [&](const layout& each) { return each.type == type && each.schema == schema; });
  if (known == std::ranges::end(layouts))
    return error(errc::corrupt_log,
                 "unknown event " + std::string(type) + " of schema " + std::to_string(schema));
  return known->read(payload);
}

} // namespace headwater::attribution
