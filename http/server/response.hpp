#pragma once

// An answer under construction, and its serialisation. One per session, reused: after the first few
// requests of a connection nothing here allocates.

#include "http/server/shared_body.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headwater::http {

/// Adds one header line. A value with CR, LF or NUL is our own mistake and is left out.
void append_field(std::string& to, std::string_view name, std::string_view value);

/// How a body is coded for its way (RFC 9110, 8.4.1).
enum class body_coding : std::uint8_t { identity = 0, gzip, brotli };

struct response {
  unsigned short status = 200;
  std::string_view content_type = "application/json"; ///< must outlive the answer; empty: none
  std::string fields;                                 ///< further header lines, each with its CRLF
  std::string etag;                                   ///< quoted; empty: no validator
  std::string_view vary;                              ///< names for Vary, static; empty: none
  bool varies_by_origin = false;
  bool is_private = false;                    ///< needs a token
  bool is_immutable = false;                  ///< whatever has this address never changes
  body_coding coding = body_coding::identity; ///< of the body, now or when it is sent
  bool is_over_tls = false;                   ///< of the connection, so clear() leaves it
  std::string body;
  shared_body_ptr shared; ///< sent in place of `body`

  /// The bytes to send: of `shared` in the form that `coding` says, else `body`.
  [[nodiscard]] std::string_view payload() const {
    if (!shared)
      return body;
    switch (coding) {
    case body_coding::gzip:
      return shared->gzip();
    case body_coding::brotli:
      return shared->brotli();
    case body_coding::identity:
      break;
    }
    return shared->plain();
  }
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, std::int64_t value); ///< 0 or more
  void clear();
};

/// The registered reason phrase (RFC 9110), "" for an unknown status.
[[nodiscard]] std::string_view reason_phrase(unsigned short status) noexcept;

enum class body_framing : unsigned char { length, chunked, until_close };

/// Appends status line, fields and blank line to `out`. `date` is an IMF-fixdate.
void append_head(std::string& out, const response& from, std::string_view request_id,
                 std::string_view date, body_framing framing, bool close, unsigned version);

/// "Sun, 06 Nov 1994 08:49:37 GMT" for seconds since 1970.
[[nodiscard]] std::string http_date(std::int64_t seconds);

} // namespace headwater::http
