#pragma once

// What a host must contain for a regular expression to match it at all, so that only the plausible
// ones of a rule set are run. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// Literals such that every ASCII, lowercase host that the pattern matches contains at least one of
/// them. They are lowercase ASCII, sorted, without duplicates, none part of another; at most 32,
/// with 256 bytes in all. If a pattern offers several such sets, this is the one that filters best:
/// long literals first, then few. Empty: nothing is known, and the pattern must run on every host.
///
/// `pattern` must be one that regex::compile accepts; for any other the result is meaningless. A
/// part that this function does not understand, such as a back reference or a property, requires
/// nothing. Constructs that can change the meaning of the rest give an empty result: (?x), a verb,
/// a condition, a recursion, a comment, \Q. So a literal may be missed but is never wrong.
[[nodiscard]] std::vector<std::string> literals_of(std::string_view pattern);

} // namespace headwater::attribution
