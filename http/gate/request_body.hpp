#pragma once

// The body of a request as a handler wants it: of the right type and length, read whole, its token
// still valid once it is there, and JSON of a bounded depth.

#include "domain/json/json_value.hpp"
#include "http/gate/request_check.hpp"
#include "http/server/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::http {

/// "application/json", "application/*+json" or nothing at all.
[[nodiscard]] bool is_json(std::string_view media_type);

/// errc::bad_request where the text is nested deeper than the setting allows.
[[nodiscard]] result<void> check_depth(std::string_view json, const settings& limits);

/// Whether the preconditions of a change hold where the resource has no tag; for who reads a body
/// in another way than those below, which ask it themselves.
[[nodiscard]] result<void> check_untagged(const exchange& x);

/// The body, if it is JSON by its media type and at most `limit` long.
[[nodiscard]] awaitable<result<std::string_view>> json_text(exchange& x, std::size_t limit);

/// The same as an object's members.
struct json_body {
  std::string_view text;
  draft members;
};
[[nodiscard]] awaitable<result<json_body>> json_object(exchange& x, std::size_t limit);

/// The whole body, given away, if its token still holds once it is there.
[[nodiscard]] awaitable<result<std::string>> taken_body(exchange& x, std::size_t limit);

/// The Idempotency-Key of a POST, where nothing else is read.
struct idempotency_input {
  std::optional<std::string> key;
};
[[nodiscard]] idempotency_input read_idempotency_key(const exchange& x, request_check& check);

} // namespace headwater::http
