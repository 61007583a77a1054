#pragma once

// The adapter from an error to HTTP: one switch for the status, and the body in the format of the
// API family.

#include "domain/core/error.hpp"
#include "http/server/protocol_fault.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"

#include <string_view>

namespace headwater::http {

[[nodiscard]] unsigned short status_of(errc code) noexcept;

/// Writes the whole answer (status, body and the headers that the status requires).
void write_error(response& out, family shape, const error& what, std::string_view request_id);
void write_error(response& out, family shape, const protocol_fault& what,
                 std::string_view request_id);

/// The text that a client sees: internal details stay in the service's log.
[[nodiscard]] std::string_view public_message(const error& what) noexcept;

} // namespace headwater::http
