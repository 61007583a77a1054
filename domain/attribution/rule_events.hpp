#pragma once

// What can happen to an account's rules. These go to the log and stay readable for ever; the
// layouts of their payloads are in domain/attribution/README.md and tests/golden/attribution.
// Pure values.

#include "domain/attribution/passthrough_referrer.hpp"
#include "domain/attribution/referrer_mapping.hpp"
#include "domain/core/error.hpp"
#include "domain/core/event.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace headwater::attribution {

// A rule in an event is whole but for its times and revision, which come from the event's header.

struct passthrough_referrer_created {
  passthrough_referrer rule;
  bool operator==(const passthrough_referrer_created&) const = default;
};
struct passthrough_referrer_changed {
  passthrough_referrer rule;
  bool operator==(const passthrough_referrer_changed&) const = default;
};
struct passthrough_referrer_deleted {
  std::int64_t id = 0;
  bool operator==(const passthrough_referrer_deleted&) const = default;
};
struct referrer_mapping_created {
  referrer_mapping rule;
  bool operator==(const referrer_mapping_created&) const = default;
};
struct referrer_mapping_changed {
  referrer_mapping rule;
  bool operator==(const referrer_mapping_changed&) const = default;
};
struct referrer_mapping_deleted {
  std::int64_t id = 0;
  bool operator==(const referrer_mapping_deleted&) const = default;
};

/// What an import does with the rules that it does not name: keeps or removes them.
enum class import_mode : std::uint8_t { merge = 1, replace };

[[nodiscard]] std::string_view to_string(import_mode mode);
[[nodiscard]] std::optional<import_mode> parse_import_mode(std::string_view text);

/// Many changes at once. They hold together only: a text may move from one changed rule to another.
template <class Rule>
struct rules_imported {
  import_mode mode = import_mode::merge;
  std::vector<Rule> added; ///< ids ascending
  std::vector<Rule> changed;
  std::vector<std::int64_t> removed;
  std::int64_t unchanged = 0; ///< rows that found their rule as it was; for the record
  bool operator==(const rules_imported&) const = default;
};
using passthrough_referrers_imported = rules_imported<passthrough_referrer>;
using referrer_mappings_imported = rules_imported<referrer_mapping>;

using rule_event = std::variant<passthrough_referrer_created, passthrough_referrer_changed,
                                passthrough_referrer_deleted, referrer_mapping_created,
                                referrer_mapping_changed, referrer_mapping_deleted,
                                passthrough_referrers_imported, referrer_mappings_imported>;

/// The event's type, the newest schema of it, and its payload as canonical JSON.
[[nodiscard]] encoded_event encode(const rule_event& event);

/// Reads an event of any schema that was ever written. errc::corrupt_log for anything else.
[[nodiscard]] result<rule_event> decode(std::string_view type, int schema,
                                        std::string_view payload);

} // namespace headwater::attribution
