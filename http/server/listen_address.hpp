#pragma once

// Checks where the server shall listen, and with which certificate, without creating anything.

#include "domain/core/error.hpp"
#include "http/server/settings.hpp"

#include <string_view>

namespace headwater::http {

/// Whether server::start() can read it. bad_request; does not bind.
[[nodiscard]] result<void> check_listen_address(std::string_view text);

/// Whether the files of the settings, if they name any, make a usable pair; see
/// tls_context::load().
[[nodiscard]] result<void> check_tls_files(const settings& with);

} // namespace headwater::http
