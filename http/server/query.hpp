#pragma once

// Percent-decoding and the query string (WHATWG form encoding: '&' separates, '+' is a space).
// Pure functions; values are views into the query string or into the parsed object's own storage.

#include "domain/core/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::http {

/// Decodes %XX (and '+' if `plus_is_space`) onto the end of `out`. False, with `out` restored, for
/// an escape that is not two hexadecimal digits.
[[nodiscard]] bool percent_decode(std::string_view text, bool plus_is_space, std::string& out);

class query {
public:
  query() = default;
  query(const query&) = delete;
  query& operator=(const query&) = delete;

  /// Replaces the contents. `text` must outlive the object. False for a malformed escape.
  [[nodiscard]] bool parse(std::string_view text);

  /// All pairs in the order sent, decoded.
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& items() const {
    return items_;
  }

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

  /// true/false, 1/0, yes/no, on/off in any case; `absent` if the parameter is missing; otherwise a
  /// fault at "query.<name>".
  [[nodiscard]] result<bool> boolean(std::string_view name, bool absent) const;

  /// A decimal integer from `least` to `most`; nothing if absent; otherwise a fault.
  [[nodiscard]] result<std::optional<std::int64_t>>
  integer(std::string_view name, std::int64_t least, std::int64_t most) const;

private:
  std::vector<std::pair<std::string_view, std::string_view>> items_;
  std::string decoded_;
};

/// A decimal integer with an optional '-', of any length. `overflow` marks one that is too large.
struct integer_text {
  std::int64_t value = 0;
  bool overflow = false;
};
[[nodiscard]] std::optional<integer_text> parse_integer(std::string_view text);

} // namespace headwater::http
