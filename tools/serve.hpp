#pragma once

// `headwater serve`: opens the data directory, serves until SIGTERM or SIGINT, closes it.

#include "tools/settings.hpp"

namespace headwater::tools {

/// The exit status: 0 after a clean stop, 1 with one line on stderr if it could not start.
[[nodiscard]] int serve(const settings& with);

} // namespace headwater::tools
