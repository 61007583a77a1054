#pragma once

// Where a request's head ends, and whether it may be believed. Beast 1.81 lacks later fixes against
// request smuggling, so the raw bytes are checked before Beast sees them, and the parsed head
// before anybody sees the body. Pure functions.

#include "http/server/protocol_fault.hpp"
#include "http/server/request.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace headwater::http {

enum class head_state : std::uint8_t { incomplete, complete, malformed };

struct head_scan {
  head_state state = head_state::incomplete;
  std::size_t length = 0;    ///< of the head with its blank line, if complete
  std::string_view reason{}; ///< why it is malformed
};

/// Scans a request's head from its first byte. Refused: a line that does not end with CRLF, a
/// continuation line (obs-fold), control characters, a field without a name or with white space in
/// or behind it. `resume` is 0 for a new request and afterwards the scanner's own.
[[nodiscard]] head_scan scan_head(std::string_view bytes, std::size_t& resume);

/// Why a line of fields, of a head or behind a body, is refused: "" where it is good.
[[nodiscard]] std::string_view field_fault(std::string_view line);

/// Whether a complete head speaks another version than HTTP/1.0 and HTTP/1.1, which is 505 and not
/// 400. Beast tells these apart from nonsense only by refusing both.
[[nodiscard]] bool is_other_version(std::string_view head);

/// Whether the bytes begin with the method HEAD, well-formed or not behind it: not even a refusal
/// has a body then.
[[nodiscard]] bool is_head_request(std::string_view bytes);

/// Why a parsed head is refused, or nothing. 400 unless: exactly one valid Host on HTTP/1.1 and at
/// most one on 1.0; at most one Content-Length, of at most 19 digits; at most one
/// Transfer-Encoding, never on HTTP/1.0 nor with Content-Length. 501 where that one names a coding
/// beside "chunked".
[[nodiscard]] std::optional<protocol_fault> framing_fault(const request_head& head);

/// Whether the client would keep the connection (RFC 9112, 9.3): "close" wins over all else.
[[nodiscard]] bool wants_to_stay(const request_head& head);

/// Whether the body is compressed or otherwise coded: a Content-Encoding other than identity.
[[nodiscard]] bool has_content_coding(const request_head& head);

/// Splits head.target into path and query: origin form, absolute form with a host (http, https), or
/// "*" for OPTIONS. The reason for a 400, or nothing.
[[nodiscard]] std::optional<std::string_view> split_target(request_head& head);

} // namespace headwater::http
