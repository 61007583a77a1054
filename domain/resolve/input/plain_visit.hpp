#pragma once

// Reads a visit of the shape that trackers send, in one pass and without a parser's tokens: most of
// what a visit costs would else be its JSON. Pure; any thread.

#include "domain/resolve/attribution.hpp"

#include <optional>
#include <string_view>

namespace headwater::attribution {

/// The visit, where it is an object of a string `url`, a `referrer` that is a string or null, and a
/// `session` that is null or an object of UTM values that are strings or null, each key at most
/// once and no other key. Nothing for any other text, be it a visit or not: it needs parse_visit(),
/// which gives the same for every text that this reads.
[[nodiscard]] std::optional<visit> read_plain_visit(std::string_view json);

} // namespace headwater::attribution
