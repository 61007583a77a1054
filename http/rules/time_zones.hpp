#pragma once

// Whether a time zone exists. The zones are files of the machine (Debian's tzdata), so the domain
// leaves this to whoever takes in a request. Any thread.

#include "domain/json/json_value.hpp"

#include <string_view>

namespace headwater::http {

/// An IANA name such as "Europe/Berlin", spelt as there. Where the machine has no zones, only UTC.
[[nodiscard]] bool is_time_zone(std::string_view name);

/// Reports a "timezone" in the body that does not exist, together with the body's other faults.
void check_time_zone(draft& body);

} // namespace headwater::http
