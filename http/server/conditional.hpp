#pragma once

// Preconditions of requests (RFC 9110, 13): how they are read, and what they make of an answer.
// Values in, verdict out. For a change, the code that decides it checks them, on the state that it
// changes (preconditions::check); for an answer to GET or HEAD, the session does, on its way out.

#include "domain/core/preconditions.hpp"
#include "http/server/request.hpp"

#include <string_view>

namespace headwater::http {

/// If-Match and If-None-Match, each with its lines joined. errc::bad_request names the header.
[[nodiscard]] result<preconditions> read_preconditions(const request_head& head);

/// Whether the method only reads: GET and HEAD.
[[nodiscard]] bool is_read(method verb) noexcept;

enum class verdict : std::uint8_t {
  send = 1,
  not_modified, ///< 304
  failed,       ///< 412
};

/// For an answer to GET or HEAD that would be 200. `tag` as it would be sent; an empty one (no tag)
/// matches nothing in a list.
[[nodiscard]] verdict judge(const preconditions& given, std::string_view tag);

} // namespace headwater::http
