#pragma once

// A point in an account's past as written in a query or on a command line.

#include "actors/protocol/rule_messages.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::actors {

/// Reads a version (a decimal number; one beyond 64 bits becomes the largest, which does not exist
/// yet) or an RFC 3339 time. Nothing for anything else. `place` is where later faults are reported.
[[nodiscard]] std::optional<asked_point> read_point(location place, std::string_view text);

/// The point after every event so far.
[[nodiscard]] asked_point now_point();

} // namespace headwater::actors
