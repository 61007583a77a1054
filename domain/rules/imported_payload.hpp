#pragma once

// The payload of the two import events, schema 1 (FORMATS.md, "Event payloads"). Pure. A payload
// may hold 50,000 rules, so its rules are read one by one.

#include "domain/rules/rule_events.hpp"

#include <span>
#include <string>
#include <string_view>

namespace headwater::attribution {

/// `names` are the members of a rule.
template <class Rule>
[[nodiscard]] std::string write_imported(const rules_imported<Rule>& event,
                                         std::span<const std::string_view> names);

/// Reads what write_imported wrote; errc::corrupt_log for anything else.
template <class Rule>
[[nodiscard]] result<rules_imported<Rule>> read_imported(std::string_view payload,
                                                         std::span<const std::string_view> names);

/// How much an import changed.
struct import_counts {
  import_mode mode = import_mode::merge;
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t removed = 0;
  std::int64_t unchanged = 0;
  bool operator==(const import_counts&) const = default;
};

template <class Rule>
[[nodiscard]] import_counts counts_of(const rules_imported<Rule>& event) {
  return {event.mode, static_cast<std::int64_t>(event.added.size()),
          static_cast<std::int64_t>(event.changed.size()),
          static_cast<std::int64_t>(event.removed.size()), event.unchanged};
}

/// The same from a payload, without reading its rules. errc::corrupt_log.
[[nodiscard]] result<import_counts> counts_of_imported(std::string_view payload);

} // namespace headwater::attribution
