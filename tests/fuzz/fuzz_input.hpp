#pragma once

// What the fuzz targets share: the input as text, taken apart line by line, and the way in which a
// property that does not hold ends the process. Included by one target each.

#include "domain/core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace headwater::fuzz {

/// Ends the process, so that libFuzzer keeps the input.
[[noreturn]] inline void fail(std::string_view what, std::string_view detail = {}) {
  std::cerr << what << '\n' << detail << std::endl;
  std::abort();
}

/// `detail` may be anything that shows what was compared.
inline void require(bool holds, std::string_view what, std::string_view detail = {}) {
  if (!holds)
    fail(what, detail);
}

/// Two texts that must be the same.
inline void require_equal(std::string_view one, std::string_view other, std::string_view what) {
  if (one != other)
    fail(what, std::string(one) + "\n--- and\n" + std::string(other));
}

/// The value, where an error would break a property.
template <class T>
T must(result<T> what, std::string_view why) {
  if (what.has_error())
    fail(why, what.error().message);
  return std::move(*what);
}
inline void must(const result<void>& what, std::string_view why) {
  if (what.has_error())
    fail(why, what.error().message);
}

/// What every refusal of a client's request holds: a message, and for a validation_error faults,
/// each with a type, of which a client gets no more than it can read.
inline void check_refusal(const error& why) {
  require(!why.message.empty(), "an error without a message");
  require(why.code != errc::internal_error && why.code != errc::corrupt_log,
          "a client's bytes are no fault of ours", why.message);
  for (const auto& each : why.faults)
    require(!each.type.empty() && !each.message.empty() && !each.at.empty(),
            "a fault without a type, a message or a place", why.message);
}

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes up to the next line feed, which is dropped.
[[nodiscard]] inline std::string_view take_line(std::string_view& rest) {
  const auto line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  return line;
}

/// Takes one character; NUL at the end.
[[nodiscard]] inline char take_char(std::string_view& rest) {
  if (rest.empty())
    return '\0';
  const char out = rest.front();
  rest.remove_prefix(1);
  return out;
}

} // namespace headwater::fuzz
