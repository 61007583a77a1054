#pragma once

// Points in time as plain numbers. The domain has no clock: callers pass the time in.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// Microseconds since 1970-01-01T00:00:00Z, as in events.
using micros = std::int64_t;

/// "YYYY-MM-DDTHH:MM:SSZ", rounded down to whole seconds: the format of resources in the API.
[[nodiscard]] std::string to_rfc3339_seconds(micros at);

/// "YYYY-MM-DDTHH:MM:SS.ffffffZ": the format of events.
[[nodiscard]] std::string to_rfc3339_micros(micros at);

/// Reads an RFC 3339 time with any offset and up to six decimals; nothing for anything else.
[[nodiscard]] std::optional<micros> parse_rfc3339(std::string_view text);

/// A UTC calendar day as days since 1970-01-01.
using day_number = std::int32_t;

/// Reads "YYYY-MM-DD" (years 0001 to 9999) if the calendar has that day.
[[nodiscard]] std::optional<day_number> parse_date(std::string_view text);
[[nodiscard]] std::string to_date_string(day_number day);
[[nodiscard]] day_number day_of(micros at);

} // namespace headwater
