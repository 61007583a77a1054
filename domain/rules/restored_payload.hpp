#pragma once

// The payload of rules_restored, schemas 1 and 2 (FORMATS.md, "Event payloads"). Pure. It may hold
// all rules of an account, so they are read one by one.

#include "domain/rules/imported_payload.hpp"
#include "domain/rules/rule_events.hpp"

#include <string>
#include <string_view>

namespace headwater::attribution {

/// 2 if it restores settings, else 1, as before there were any.
[[nodiscard]] int schema_of(const rules_restored& event);

[[nodiscard]] std::string write_restored(const rules_restored& event);

/// Reads what write_restored wrote; errc::corrupt_log for anything else.
[[nodiscard]] result<rules_restored> read_restored(std::string_view payload, int schema);

/// How much a restore changed: rules by kind, and whether the settings. The mode of both is
/// `replace`.
struct restore_counts {
  import_counts passthrough_referrers{import_mode::replace};
  import_counts referrer_mappings{import_mode::replace};
  bool attribution = false;
  bool operator==(const restore_counts&) const = default;
};

struct counted_restore {
  rules_point as_of;
  restore_counts counts;
};

/// The same from a payload, without reading its rules. errc::corrupt_log.
[[nodiscard]] result<counted_restore> counts_of_restored(std::string_view payload, int schema);

} // namespace headwater::attribution
