#pragma once

// Where a request's head ends, and whether it may be believed. Beast 1.81 lacks later fixes against
// request smuggling, so the raw bytes are checked before Beast sees them, and the parsed head
// before anybody sees the body. Pure functions.

#include "http/request.hpp"

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

/// Whether a complete head speaks another version than HTTP/1.0 and HTTP/1.1, which is 505 and not
/// 400. Beast tells these apart from nonsense only by refusing both.
[[nodiscard]] bool is_other_version(std::string_view head);

/// The reason why a parsed head is refused with 400, or nothing. Checked: exactly one valid Host on
/// HTTP/1.1 and at most one on 1.0; Transfer-Encoding absent or once "chunked", never on HTTP/1.0
/// nor with Content-Length; one Content-Length of at most 19 digits.
[[nodiscard]] std::optional<std::string_view> framing_fault(const request_head& head);

/// A host name, IPv4 address or bracketed IPv6 address, with or without a port.
[[nodiscard]] bool is_valid_host(std::string_view host);

/// Whether bytes of a chunked body that Beast did not take can become a chunk's size line, or the
/// end of the last chunk without trailers. Beast waits for more where they cannot. `after_chunk`:
/// the line follows a chunk's data, with the CRLF that ends it.
[[nodiscard]] bool may_be_chunk_line(std::string_view rest, bool after_chunk);

/// Splits head.target into path and query: origin form, absolute form with a host (http, https), or
/// "*" for OPTIONS. The reason for a 400, or nothing.
[[nodiscard]] std::optional<std::string_view> split_target(request_head& head);

} // namespace headwater::http
