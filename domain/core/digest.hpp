#pragma once

// SHA-256 and the text forms of bytes.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// A SHA-256 value, 32 bytes.
using digest = std::array<std::uint8_t, 32>;

/// SHA-256 of the parts, concatenated (FIPS 180-4).
[[nodiscard]] digest sha256(std::initializer_list<std::string_view> parts);

/// The bytes as a view, for hashing or for a database key.
[[nodiscard]] inline std::string_view as_bytes(const digest& value) {
  return {reinterpret_cast<const char*>(value.data()), value.size()};
}

/// Lowercase hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] inline std::string to_hex(const digest& value) {
  return to_hex(as_bytes(value));
}

/// Decodes hexadecimal in either case; nothing for any other text.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

} // namespace headwater
