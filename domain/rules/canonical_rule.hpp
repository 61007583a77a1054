#pragma once

// Reads a rule from a payload whose members stand in the order in which we write them. All of our
// payloads do, and replay spends most of its time here. Private to rule_events.cpp and
// rules_state.cpp.

#include "domain/core/text.hpp"
#include "domain/json/canonical_reader.hpp"
#include "domain/json/fields.hpp"

#include <algorithm>
#include <array>

namespace headwater::attribution {

/// Reads one value that fits the field; false for any other, including valid but rare ones (a
/// negative integer, a list).
[[nodiscard]] inline bool read_canonical(canonical_reader& in, const field& spec, json_value& out) {
  switch (spec.kind) {
  case field_kind::boolean:
    out = in.next_is('t');
    return in.literal(std::get<bool>(out) ? "true" : "false");
  case field_kind::timestamp: // microseconds
  case field_kind::integer: {
    std::uint64_t number = 0;
    const bool good = in.integer(number);
    out = static_cast<std::int64_t>(number);
    return good;
  }
  case field_kind::string: {
    if (spec.nullable && in.next_is('n')) {
      out = json_null{};
      return in.literal("null");
    }
    auto* text = std::get_if<std::string>(&out);
    if (!text)
      text = &out.emplace<std::string>();
    return in.string(*text) &&
           (spec.choices.empty() || std::ranges::find(spec.choices, *text) != spec.choices.end());
  }
  case field_kind::string_list:
  case field_kind::integer_list:
    break;
  }
  return false;
}

/// Reads the rule from a payload of exactly these members, `names` ascending. False: use
/// read_payload instead, which accepts everything valid and says what is wrong with the rest.
template <class Rule, auto& Names>
[[nodiscard]] bool read_canonical_rule(std::string_view payload, Rule& out) {
  struct member {
    std::string opening; ///< `,"name":`
    const bound_field<Rule>* field;
  };
  static const auto members = [] {
    std::array<member, Names.size()> all;
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = {(i == 0 ? "{\"" : ",\"") + std::string(Names[i]) + "\":",
                &detail::field_named<Rule>(Names[i])};
    return all;
  }();
  // The reader accepts any bytes in a string; if there are any beyond ASCII, check that they are
  // UTF-8.
  if (!is_ascii(payload))
    return false;
  canonical_reader in{payload};
  json_value value;
  for (const auto& each : members) {
    if (!in.literal(each.opening) || !read_canonical(in, each.field->spec, value))
      return false;
    each.field->set(out, value);
  }
  return in.literal("}") && in.finished();
}

} // namespace headwater::attribution
