#pragma once

// Which rules a step of the resolver tried, and how each fared. Part of the explanation; pure.

#include "domain/resolve/rule_set.hpp"
#include "domain/resolve/step_explanation.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// How an answer names a rule: as stored, or by its place in the draft that `marks` describes.
[[nodiscard]] rule_reference name_rule(const draft_marks* marks, std::string_view kind,
                                       std::int64_t id);

/// The passthrough referrers that cover the host, longest domain first. `first` is how the first of
/// them fared.
[[nodiscard]] std::vector<tried_rule> covering_rules(const rule_set& rules, std::string_view host,
                                                     trial first, const draft_marks* marks);

/// The mappings that match the host, and the regular expressions that were run before a match was
/// found; the most informative first. `decided` is the mapping that match() found, or null, and
/// `limit_hits` are the ids of the regexes that it gave up.
[[nodiscard]] std::vector<tried_rule> tried_mappings(const rule_set& rules, std::string_view host,
                                                     const referrer_mapping* decided,
                                                     std::span<const std::int64_t> limit_hits,
                                                     const draft_marks* marks);

/// Shortens the list to what one step shows.
void list_rules(step_explanation& in, std::vector<tried_rule> tried);

} // namespace headwater::attribution
