#pragma once

// What settings::listen may be, for whoever wants to know before anything is made.

#include "domain/core/error.hpp"

#include <string_view>

namespace headwater::http {

/// Whether server::start() can read it. bad_request; nothing is bound.
[[nodiscard]] result<void> check_listen_address(std::string_view text);

} // namespace headwater::http
