#pragma once

// Times as clients, and people on a command line, write them.

#include "domain/core/time.hpp"

namespace headwater {

/// Like parse_rfc3339(), but with any number of decimals: those after the sixth are cut off,
/// because events have microseconds.
[[nodiscard]] std::optional<micros> parse_given_time(std::string_view text);

} // namespace headwater
