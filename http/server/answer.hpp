#pragma once

// The answer of a handler: a status, header fields and a body as values. Everything else that
// answers need (validators, compression, caching, HEAD) is done once, after the handler, in
// session_answer.cpp.

#include "domain/core/error.hpp"
#include "domain/json/json_writer.hpp"
#include "http/server/shared_body.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

struct answer {
  unsigned short status = 200;
  std::string_view content_type = "application/json"; ///< static text; empty: there is no body
  std::string body;
  shared_body_ptr shared = nullptr; ///< sent in place of `body`
  std::string fields;               ///< further header lines, each with its CRLF
  std::string etag;                 ///< with its quotes; empty: no validator
  std::string version;       ///< used instead of etag: the version of the state that is shown
  bool is_sent = false;      ///< the body has already been sent in pieces
  bool is_immutable = false; ///< with an etag: whatever has this address never changes

  /// Adds a header line. A value with CR, LF or NUL is our own mistake and is left out.
  answer&& with(std::string_view name, std::string_view value) &&;
  answer&& tagged(std::string tag) && {
    etag = std::move(tag);
    return std::move(*this);
  }
  /// For lists and reports: makes a validator from the version that the answer shows. The query and
  /// the content type are added to it; `besides` is anything else that the answer depends on.
  answer&& versioned(std::uint64_t shown, std::string_view besides = {}) && {
    etag.clear();
    version = std::to_string(shown).append(" ").append(besides);
    return std::move(*this);
  }
  /// Marks the answer as a replay of the first answer to an Idempotency-Key, if it is one.
  answer&& replayed(bool is_replayed) && {
    return is_replayed ? std::move(*this).with("Idempotent-Replayed", "true") : std::move(*this);
  }
};

/// {"success":true,"data":<data>[,"meta":<meta>]}, both as JSON.
[[nodiscard]] answer success(std::string_view data, std::string_view meta = {},
                             unsigned short status = 200);

/// The same, written straight into its body: for answers that are asked for again and again.
class success_writer {
public:
  success_writer();
  /// Where the data are written, as one JSON value.
  [[nodiscard]] json_writer& data() { return out_; }
  [[nodiscard]] answer finish(std::string_view meta = {}) &&;

private:
  json_writer out_;
};

class exchange;

/// success() with data that may be large: its memory is reserved. The errors of cover_answer().
[[nodiscard]] result<answer> large_success(exchange& x, std::string_view data,
                                           std::string_view meta = {});

/// A body sent as it is.
[[nodiscard]] answer plain(std::string body, unsigned short status = 200,
                           std::string_view content_type = "application/json");

/// The same with a body that other answers share.
[[nodiscard]] answer shared(shared_body_ptr body,
                            std::string_view content_type = "application/json");

/// 204.
[[nodiscard]] answer no_content();

/// The answer to return after the body has already been sent in pieces.
[[nodiscard]] answer sent();

/// {"as_of":{...},"ignored_fields":[...]}, each only if there is one, or an empty text.
[[nodiscard]] std::string ignored_meta(const std::vector<std::string>& names,
                                       std::string_view as_of = {});

} // namespace headwater::http
