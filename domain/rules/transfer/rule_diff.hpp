#pragma once

// What happened to an account's rules and settings between two versions: the net differences field
// by field, and for each rule the event that touched it last. Pure; the caller replays.

#include "domain/json/json_writer.hpp"
#include "domain/rules/transfer/rule_restore.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace headwater::attribution {

/// The event that last changed a rule, and the principal (token id) whose request caused it.
struct rule_touch {
  std::uint64_t version = 0;
  micros at = 0;
  std::string by;
  std::optional<std::string> by_name; ///< nothing: the token is not known any more
};

/// The last event that changed each rule, by id and kind. Fed in the order of events.
class rule_touches {
public:
  void add(const rule_event& event, const event_meta& meta, const std::string& by,
           const std::optional<std::string>& by_name = std::nullopt);

  /// Null if no event changed it.
  [[nodiscard]] const rule_touch* find(const passthrough_referrer& rule) const;
  [[nodiscard]] const rule_touch* find(const referrer_mapping& rule) const;
  /// The last event that changed the settings; null if none did.
  [[nodiscard]] const rule_touch* of_settings() const { return settings_ ? &*settings_ : nullptr; }

private:
  using by_id = std::unordered_map<std::int64_t, rule_touch>;

  template <class Rule>
  [[nodiscard]] by_id& of() {
    if constexpr (std::is_same_v<Rule, referrer_mapping>)
      return mappings_;
    else
      return referrers_;
  }

  by_id referrers_;
  by_id mappings_;
  std::optional<rule_touch> settings_;
};

/// Appends {"<field>":{"from","to"}...}: the fields that a client may set and that differ.
template <class Rule>
void write_changes(json_writer& out, const Rule& before, const Rule& after) {
  const auto text = [](const field_view& value) {
    json_writer one;
    headwater::detail::write_canonical(one, value);
    return std::move(one).str();
  };
  out.begin_object();
  for (const auto& field : fields_of<Rule>()) {
    if (field.spec.read_only)
      continue;
    const auto from = text(field.get(before));
    const auto to = text(field.get(after));
    if (from == to)
      continue;
    out.key(field.spec.name).begin_object();
    out.key("from").raw(from).key("to").raw(to).end_object();
  }
  out.end_object();
}

/// Appends {"version","time"}; time is null before the first event.
void write_point(json_writer& out, const rules_point& at);

/// Appends {"from","to","passthrough_referrers","referrer_mappings","attribution"}; the two kinds
/// are {"added":[rule],"removed":[rule],"changed":[{"id",<unique field>,"changes"}]}, each of these
/// with "by", "by_name", "at" and "version"; the settings are {"changes"}, likewise if there are
/// any. `plan` is plan_restore(<rules at from>, <rules at to>).
void write_difference(json_writer& out, const rules_point& from, const rules_point& to,
                      const restore_plan& plan, const rule_touches& touched,
                      std::string_view account_id);

} // namespace headwater::attribution
