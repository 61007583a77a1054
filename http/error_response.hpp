#pragma once

// The adapter from an error to HTTP: one switch for the status, and the body in the shape of the
// family that was asked.

#include "domain/core/error.hpp"
#include "http/response.hpp"
#include "http/router.hpp"

#include <string_view>

namespace headwater::http {

/// What a client did that has no code in the domain: the edge's own refusals.
struct protocol_fault {
  unsigned short status;
  std::string_view code;
  std::string_view message;
};

[[nodiscard]] unsigned short status_of(errc code) noexcept;

/// Writes the whole answer (status, body and the headers that the status asks for).
void write_error(response& out, family shape, const error& what, std::string_view request_id);
void write_error(response& out, family shape, const protocol_fault& what,
                 std::string_view request_id);

/// The text that a client sees: what happened inside the service stays in its log.
[[nodiscard]] std::string_view public_message(const error& what) noexcept;

} // namespace headwater::http
