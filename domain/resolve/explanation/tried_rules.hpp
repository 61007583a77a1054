#pragma once

// Which rules a step of the resolver tried, and what became of each. Part of the explanation; pure.

#include "domain/resolve/rule_set.hpp"
#include "domain/resolve/step_explanation.hpp"

#include <string_view>
#include <vector>

namespace headwater::attribution {

/// How a rule is named: as stored, or by its place in the draft that `marks` knows.
[[nodiscard]] rule_reference name_rule(const draft_marks* marks, std::string_view kind,
                                       std::int64_t id);

/// The passthrough referrers that cover the host, the longest domain first. `first` is what became
/// of that one.
[[nodiscard]] std::vector<tried_rule> covering_rules(const rule_set& rules, std::string_view host,
                                                     trial first, const draft_marks* marks);

/// The mappings that match the host, and the regular expressions that were run before one was
/// found; the most telling first. `decided` is the mapping that match() found, or null.
[[nodiscard]] std::vector<tried_rule> tried_mappings(const rule_set& rules, std::string_view host,
                                                     const referrer_mapping* decided,
                                                     const draft_marks* marks);

/// Shortens the list to what one step tells.
void list_rules(step_explanation& in, std::vector<tried_rule> tried);

} // namespace headwater::attribution
