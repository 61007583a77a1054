#pragma once

// What a host must contain before a regular expression can match it at all, so that a rule set runs
// only the plausible ones. Pure; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// Literals of which every ASCII, lowercase host that the pattern matches contains at least one.
/// Lowercase ASCII themselves, sorted, without duplicates, none of them a part of another; at most
/// 32, of 256 bytes together. Of what the pattern offers the set that filters best: long literals,
/// then few. Empty: nothing is known, and the pattern must run on every host.
///
/// `pattern` is one that regex::compile accepts; of any other the result means nothing. What this
/// reading does not understand demands nothing: a back reference, a property. Where the rest might
/// not mean what it says nothing at all is known: after (?x), with a verb, a condition, a
/// recursion, a comment or \Q. So a literal may be missed, and is never wrong.
[[nodiscard]] std::vector<std::string> literals_of(std::string_view pattern);

} // namespace headwater::attribution
