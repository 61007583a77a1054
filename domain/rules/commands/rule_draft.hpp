#pragma once

// Changes to an account's rules that a client wants to try without storing them, as sent. Pure.

#include "domain/json/json_value.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace headwater::attribution {

inline constexpr std::size_t max_drafted_changes = 1'000;

/// What happens to one kind of rules.
struct drafted_changes {
  std::vector<draft> add;        ///< as POST takes them
  std::vector<draft> change;     ///< as PATCH takes them, with an "id"
  std::vector<json_item> remove; ///< ids
};

/// {"passthrough_referrers":{"add":[],"change":[],"remove":[]},"referrer_mappings":{...}}, each
/// part of it optional or null.
struct rule_draft {
  drafted_changes passthrough_referrers;
  drafted_changes referrer_mappings;
  std::vector<fault> faults;               ///< of its shape, under "body.draft"
  std::vector<std::string> ignored_fields; ///< of its shape: "draft.other"; at most max_told_faults
};

} // namespace headwater::attribution
