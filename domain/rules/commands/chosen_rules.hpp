#pragma once

// The body of a change of chosen rules, as sent: which rules, and what is to be set in each of
// them. Pure values.

#include "domain/json/json_value.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// As many as a draft may have changes. Whoever has more sends an import, which goes by rows.
inline constexpr std::size_t max_chosen_rules = 1'000;

/// {"ids":[...],"set":{...}}
struct chosen_rules {
  std::vector<json_item> ids;              ///< of more than max_chosen_rules the first ones
  draft set;                               ///< as in the body of PATCH
  std::vector<fault> faults;               ///< of its shape, under "body"
  std::vector<std::string> ignored_fields; ///< beside the two; at most max_told_faults
};

/// errc::bad_request for anything but JSON.
[[nodiscard]] result<chosen_rules> parse_chosen_rules(std::string_view json);

/// Bytes that it takes.
[[nodiscard]] std::size_t memory_of(const chosen_rules& of);

} // namespace headwater::attribution
