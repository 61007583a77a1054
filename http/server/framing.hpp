#pragma once

// Where a request's head ends, and whether to trust it. Beast 1.81 lacks later fixes against
// request smuggling, so the raw bytes are checked before Beast sees them, and the parsed head
// before anything reads the body. Pure functions.

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

/// Scans a request's head from its first byte. Refuses a line that does not end with CRLF, a
/// continuation line (obs-fold), control characters, and a field without a name or with white space
/// in or after it. `resume` is 0 for a new request and then maintained by the scanner.
[[nodiscard]] head_scan scan_head(std::string_view bytes, std::size_t& resume);

/// Why a header or trailer line is refused: "" if it is valid.
[[nodiscard]] std::string_view field_fault(std::string_view line);

/// Where the minor version of HTTP/1.2 to HTTP/1.9 stands in a complete head; nothing for any other
/// version. Such a request is served as 1.1 (RFC 9110, 2.5).
[[nodiscard]] std::optional<std::size_t> later_minor_version(std::string_view head);

/// Whether a complete head has an HTTP version other than 1.0 to 1.9, which gets 505 rather than
/// 400. Beast refuses both this and nonsense, without a difference.
[[nodiscard]] bool is_other_version(std::string_view head);

/// Whether the bytes begin with the method HEAD, whether or not the rest is well-formed: then even
/// a refusal has no body.
[[nodiscard]] bool is_head_request(std::string_view bytes);

/// Why a parsed head is refused, or nothing. 400 unless: exactly one valid Host on HTTP/1.1 and at
/// most one on 1.0; at most one Content-Length, of at most 19 digits; at most one
/// Transfer-Encoding, and none on HTTP/1.0 or with Content-Length. 501 if that one names a coding
/// besides "chunked".
[[nodiscard]] std::optional<protocol_fault> framing_fault(const request_head& head);

/// Whether the client wants to keep the connection (RFC 9112, 9.3): "close" overrides everything
/// else.
[[nodiscard]] bool wants_to_stay(const request_head& head);

/// Whether the body has a Content-Encoding other than identity.
[[nodiscard]] bool has_content_coding(const request_head& head);

/// A path in which characters that need no escape have none (RFC 3986, 6.2.2.2): "/%6Civez" is
/// "/livez". All other escapes, and malformed ones, stay as they are.
[[nodiscard]] std::string without_needless_escapes(std::string_view path);

/// Splits head.target into path and query: origin form, absolute form with a host (http, https), or
/// "*" for OPTIONS. Returns the reason for a 400, or nothing.
[[nodiscard]] std::optional<std::string_view> split_target(request_head& head);

} // namespace headwater::http
