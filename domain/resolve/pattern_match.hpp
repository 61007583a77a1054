#pragma once

// Whether one mapping's pattern matches a host. This is the definition; compiled rules must agree
// with it. Pure; any thread.

#include "domain/matching/regex.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <string_view>

namespace headwater::attribution {

/// Whether the pattern matches the host, either as it is or without one leading "www.". A regex
/// that does not compile, or hits a limit, matches nothing.
[[nodiscard]] bool matches(const referrer_mapping& rule, std::string_view host);

/// The same for a regex, within what is left of the visit's budget.
[[nodiscard]] match_result search(const referrer_mapping& rule, std::string_view host,
                                  match_budget& budget);

} // namespace headwater::attribution
