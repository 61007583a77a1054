#pragma once

// What a handler answers: a status, header fields and a body as values. What every answer needs
// besides (validators, compression, caching, HEAD) is done once, behind the handler, in
// session_answer.cpp.

#include "domain/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

struct answer {
  unsigned short status = 200;
  std::string_view content_type = "application/json"; ///< static text; empty: there is no body
  std::string body;
  std::string fields;   ///< further header lines, each with its CRLF
  std::string etag;     ///< quoted, as the header has it; empty: no validator
  std::string version;  ///< in place of it: what the answer to this query shows the state of
  bool is_sent = false; ///< the body went out in pieces already

  /// Adds a header line. A value with CR, LF or NUL is a mistake of ours and is left out.
  answer&& with(std::string_view name, std::string_view value) &&;
  answer&& tagged(std::string tag) && {
    etag = std::move(tag);
    return std::move(*this);
  }
  /// For lists and reports: gives a validator of the version that the answer shows. The query and
  /// the content type are added to it; `besides` is what else the answer depends on.
  answer&& versioned(std::uint64_t shown, std::string_view besides = {}) && {
    etag.clear();
    version = std::to_string(shown).append(" ").append(besides);
    return std::move(*this);
  }
  /// Says, where it is so, that this is the first answer to an Idempotency-Key once more.
  answer&& replayed(bool is_replayed) && {
    return is_replayed ? std::move(*this).with("Idempotent-Replayed", "true") : std::move(*this);
  }
};

/// {"success":true,"data":<data>[,"meta":<meta>]}, both as JSON.
[[nodiscard]] answer success(std::string_view data, std::string_view meta = {},
                             unsigned short status = 200);

class exchange;

/// success() with data that may be large: its memory is charged, errc::service_unavailable where
/// there is none left.
[[nodiscard]] result<answer> large_success(exchange& x, std::string_view data,
                                           std::string_view meta = {});

/// A body as it stands.
[[nodiscard]] answer plain(std::string body, unsigned short status = 200,
                           std::string_view content_type = "application/json");

/// 204.
[[nodiscard]] answer no_content();

/// The answer of a handler that has sent its body in pieces.
[[nodiscard]] answer sent();

/// {"as_of":{...},"ignored_fields":[...]}, each where there is one, or nothing at all.
[[nodiscard]] std::string ignored_meta(const std::vector<std::string>& names,
                                       std::string_view as_of = {});

} // namespace headwater::http
