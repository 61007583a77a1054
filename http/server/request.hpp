#pragma once

// A request's head as values. Views point into the session's buffers and live until the answer to
// this request is written.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::http {

enum class method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  delete_, // NOLINT(readability-identifier-naming): delete is a keyword
  options,
  connect,
  trace,
  other
};

[[nodiscard]] std::string_view to_string(method verb) noexcept;

struct header_field {
  std::string_view name; ///< in lower case
  std::string_view value;
};

struct request_head {
  method verb = method::other;
  unsigned version = 11; ///< 10 or 11, which stands for 1.2 to 1.9, too
  bool keep_alive = false;
  std::string_view target; ///< as sent
  /// From the first '/', percent-encoded, but not where a character needs no escape; "*" for
  /// OPTIONS.
  std::string_view path;
  std::string_view query; ///< after the '?', still encoded
  bool chunked = false;
  std::optional<std::uint64_t> content_length;
  std::vector<header_field> fields;

  /// The first field with that (lower-case) name; nothing if there is none.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// The same, but empty if there is none.
  [[nodiscard]] std::string_view value(std::string_view name) const {
    return find(name).value_or(std::string_view{});
  }
};

/// All lines with that (lower-case) name, joined by commas; nothing if there are none.
[[nodiscard]] std::optional<std::string> joined(const request_head& head, std::string_view name);

} // namespace headwater::http
