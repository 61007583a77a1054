#pragma once

// What a host must contain before a regular expression can match it at all, so that a rule set runs
// only the plausible ones. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// Literals of which every ASCII, lowercase host that the pattern matches contains at least one.
/// Lowercase ASCII themselves, without duplicates, none of them a part of another, and as long as
/// the pattern allows. Empty: nothing is known, and the pattern must run on every host.
///
/// `pattern` is one that regex::compile accepts. What this reading does not understand (a group
/// with options, a conditional, a recursion, an assertion, a back reference) demands nothing: a
/// literal may be missed, and never be wrong.
[[nodiscard]] std::vector<std::string> required_literals(std::string_view pattern);

} // namespace headwater::attribution
