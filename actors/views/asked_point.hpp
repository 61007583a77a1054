#pragma once

// A point of an account's past as somebody writes it: in a query, or on a command line.

#include "actors/protocol/rule_messages.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::actors {

/// Reads a version (a decimal number; one that no 64 bits hold is the largest, which is not there
/// yet) or an RFC 3339 time. Nothing for anything else. `place` is for what is wrong with it later.
[[nodiscard]] std::optional<asked_point> read_point(location place, std::string_view text);

/// Every event so far.
[[nodiscard]] asked_point now_point();

} // namespace headwater::actors
