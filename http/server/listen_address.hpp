#pragma once

// Checks settings::listen without creating anything.

#include "domain/core/error.hpp"

#include <string_view>

namespace headwater::http {

/// Whether server::start() can read it. bad_request; does not bind.
[[nodiscard]] result<void> check_listen_address(std::string_view text);

} // namespace headwater::http
