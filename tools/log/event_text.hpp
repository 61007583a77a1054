#pragma once

// An event for people who read the log: two lines, without characters that a terminal would obey.

#include "store/log/event.hpp"

#include <string>

namespace headwater::tools {

/// "POSITION  STREAM SEQUENCE  TIME  TYPE  by PRINCIPAL in REQUEST" and, indented, the payload as
/// JSON, cut if it is long; or "erased".
[[nodiscard]] std::string text_of(const store::recorded_event& event);

} // namespace headwater::tools
