#pragma once

// Preconditions of requests (RFC 9110, 13): reads them, and says whether an answer becomes a 304 or
// 412. Pure. For a change, they are checked by the code that decides it, against the state that it
// changes (preconditions::check); for GET and HEAD, by the session when it sends the answer.

#include "domain/core/preconditions.hpp"
#include "http/server/request.hpp"

#include <string_view>

namespace headwater::http {

/// Reads If-Match and If-None-Match; several lines of one are joined. errc::bad_request names the
/// header.
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
