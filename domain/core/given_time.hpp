#pragma once

// A time as clients and people on a command line write it.

#include "domain/core/time.hpp"

namespace headwater {

/// Reads an RFC 3339 time as parse_rfc3339, but with any number of decimals: those behind the sixth
/// are cut off, for events have microseconds.
[[nodiscard]] std::optional<micros> parse_given_time(std::string_view text);

} // namespace headwater
