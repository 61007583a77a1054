#pragma once

// Checks where the server shall listen, and with which certificate, before anything is made or
// shown.

#include "domain/core/error.hpp"
#include "http/server/settings.hpp"

namespace headwater::http {

/// Whether server::start() can listen on the addresses of the settings, by listening on all of them
/// for a moment: errc::bad_request for one that is none, errc::io_failed.
[[nodiscard]] result<void> check_listen_addresses(const settings& with);

/// Whether the files of the settings, if they name any, make a usable pair; see
/// tls_context::load().
[[nodiscard]] result<void> check_tls_files(const settings& with);

} // namespace headwater::http
