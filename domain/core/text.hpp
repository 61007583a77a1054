#pragma once

// Small functions for UTF-8 text. Pure, any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace headwater {

/// The number of code points in valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8);

/// A copy with A to Z in lower case; other bytes are unchanged.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// A client's key as messages and paths quote it: the first 128 bytes, cut between characters and
/// followed by "..." if there is more, so that a long key is not repeated in every fault.
[[nodiscard]] std::string quoted_key(std::string_view key);

[[nodiscard]] bool is_ascii(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// How many bytes at the start can stand in a JSON string as they are: no quote, backslash or
/// control character.
[[nodiscard]] std::size_t unescaped_prefix(std::string_view text);

/// How many bytes at the start are no control characters of ASCII (0x00 to 0x1f, 0x7f).
[[nodiscard]] std::size_t prefix_without_controls(std::string_view text);

/// Whether two texts are equal but for the case of A to Z.
[[nodiscard]] bool equals_nocase(std::string_view a, std::string_view b);

/// Whether the text starts with `prefix` (lower case), ignoring case.
[[nodiscard]] bool starts_with_nocase(std::string_view text, std::string_view prefix);

/// The text without spaces, tabs and line ends at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

/// Percent-decoding, one byte for each %XX; anything that is not an escape stays. The result need
/// not be UTF-8.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space);

} // namespace headwater
