#pragma once

// Reads a visit of the shape that trackers send, in one pass and without a parser's tokens: JSON
// would otherwise be most of what a visit costs. Pure; any thread.

#include "domain/resolve/attribution.hpp"

#include <string_view>

namespace headwater::attribution {

/// Reads into an empty visit and returns true if the text is an object of a string `url`, a
/// `referrer` that is a string or null, and a `session` that is null or an object of UTM values
/// that are strings or null, with no other key and no key twice. False for any other text, whether
/// a visit or not: use parse_visit() then, which gives the same result for every text that this
/// reads. What `into` holds then means nothing.
[[nodiscard]] bool read_plain_visit(std::string_view json, visit& into);

} // namespace headwater::attribution
