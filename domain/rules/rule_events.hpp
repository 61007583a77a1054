#pragma once

// What can happen to an account's rules. Events go to the log and must stay readable for ever; the
// layouts of their payloads are in domain/rules/FORMATS.md and tests/golden/attribution. Pure
// values.

#include "domain/core/error.hpp"
#include "domain/core/event.hpp"
#include "domain/core/time.hpp"
#include "domain/rules/attribution_settings.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace headwater::attribution {

// A rule in an event is complete except for its times and revision, which come from the event's
// header.

template <class Rule>
struct rule_created {
  Rule rule;
  bool operator==(const rule_created&) const = default;
};
template <class Rule>
struct rule_changed {
  Rule rule;
  bool operator==(const rule_changed&) const = default;
};
template <class Rule>
struct rule_deleted {
  std::int64_t id = 0;
  bool operator==(const rule_deleted&) const = default;
};
using passthrough_referrer_created = rule_created<passthrough_referrer>;
using passthrough_referrer_changed = rule_changed<passthrough_referrer>;
using passthrough_referrer_deleted = rule_deleted<passthrough_referrer>;
using referrer_mapping_created = rule_created<referrer_mapping>;
using referrer_mapping_changed = rule_changed<referrer_mapping>;
using referrer_mapping_deleted = rule_deleted<referrer_mapping>;

/// What an import does with rules that it does not name: keep or remove them.
enum class import_mode : std::uint8_t { merge = 1, replace };

[[nodiscard]] std::string_view to_string(import_mode mode);
[[nodiscard]] std::optional<import_mode> parse_import_mode(std::string_view text);

/// Many changes at once. They are valid only together: a text may move from one changed rule to
/// another.
template <class Rule>
struct rules_imported {
  import_mode mode = import_mode::merge;
  std::vector<Rule> added; ///< ids ascending
  std::vector<Rule> changed;
  std::vector<std::int64_t> removed;
  std::int64_t unchanged = 0; ///< rows whose rule was already as wanted; for the record
  bool operator==(const rules_imported&) const = default;
};
using passthrough_referrers_imported = rules_imported<passthrough_referrer>;
using referrer_mappings_imported = rules_imported<referrer_mapping>;

/// A point in an account's history: after all events up to this version.
struct rules_point {
  std::uint64_t version = 0; ///< 0: before the first event
  micros time = 0;           ///< of the event with that sequence; 0 where there is none
  bool operator==(const rules_point&) const = default;
};

/// What a restore did to one kind. The rules are complete except for updated_at and revision.
template <class Rule>
struct restored_rules {
  std::vector<Rule> added; ///< had been removed; ids ascending
  std::vector<Rule> changed;
  std::vector<std::int64_t> removed;
  std::int64_t unchanged = 0; ///< rules that already were as they had been; for the record
  bool operator==(const restored_rules&) const = default;
};
/// The settings as they are from then on, whole.
struct attribution_settings_changed {
  attribution_settings settings;
  bool operator==(const attribution_settings_changed&) const = default;
};

/// Puts back all rules, and the settings, as they were at `as_of`. Valid only as a whole, like an
/// import.
struct rules_restored {
  rules_point as_of;
  restored_rules<passthrough_referrer> passthrough_referrers;
  restored_rules<referrer_mapping> referrer_mappings;
  std::optional<attribution_settings> attribution = {}; ///< nothing: they already were so
  bool operator==(const rules_restored&) const = default;
};

using rule_event =
    std::variant<passthrough_referrer_created, passthrough_referrer_changed,
                 passthrough_referrer_deleted, referrer_mapping_created, referrer_mapping_changed,
                 referrer_mapping_deleted, passthrough_referrers_imported,
                 referrer_mappings_imported, rules_restored, attribution_settings_changed>;

/// The event's type, a schema that has all of it, and its payload as canonical JSON.
[[nodiscard]] encoded_event encode(const rule_event& event);

/// Reads an event of any schema that was ever written. errc::corrupt_log for anything else.
[[nodiscard]] result<rule_event> decode(std::string_view type, int schema,
                                        std::string_view payload);

} // namespace headwater::attribution
