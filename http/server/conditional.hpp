#pragma once

// Preconditions of requests (RFC 9110, 13): how they are read, and what they make of an answer.
// Values in, verdict out. A change is judged by whoever decides it, on the state that it changes
// (preconditions::check); an answer to GET or HEAD by the session, on its way out.

#include "domain/core/preconditions.hpp"
#include "http/server/request.hpp"

#include <string_view>

namespace headwater::http {

/// If-Match and If-None-Match, the lines of each as one list. errc::bad_request names the header.
[[nodiscard]] result<preconditions> read_preconditions(const request_head& head);

/// Whether a request with this method only reads: GET and HEAD.
[[nodiscard]] bool is_read(method verb) noexcept;

enum class verdict : std::uint8_t {
  send = 1,
  not_modified, ///< 304
  failed,       ///< 412
};

/// Of an answer to GET or HEAD that would be 200. `tag` as it would be sent; empty: it has none,
/// which no tag of a list matches.
[[nodiscard]] verdict judge(const preconditions& given, std::string_view tag);

} // namespace headwater::http
