#pragma once

// Changes to an account's rules and settings that a client wants to try without storing them, as
// sent. Pure.

#include "domain/json/json_value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace headwater::attribution {

inline constexpr std::size_t max_drafted_changes = 1'000;

/// The changes to one kind of rules.
struct drafted_changes {
  std::vector<draft> add;        ///< as in the body of POST
  std::vector<draft> change;     ///< as in the body of PATCH, plus an "id"
  std::vector<json_item> remove; ///< ids
};

/// {"attribution":{...},"passthrough_referrers":{"add":[],"change":[],"remove":[]},
/// "referrer_mappings":{...}}; any part may be missing or null.
struct rule_draft {
  std::optional<draft> attribution; ///< settings, as in the body of PATCH
  drafted_changes passthrough_referrers;
  drafted_changes referrer_mappings;
  std::vector<fault> faults;               ///< of its shape, under "body.draft"
  std::vector<std::string> ignored_fields; ///< of its shape: "draft.other"; at most max_told_faults
};

} // namespace headwater::attribution
