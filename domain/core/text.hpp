#pragma once

// Small questions about UTF-8 text. Pure, any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace headwater {

/// Unicode code points of valid UTF-8.
[[nodiscard]] std::size_t code_points(std::string_view utf8);

/// A copy with A to Z in lower case; other bytes stay.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// A client's key as a message or a path quotes it: the first 128 bytes, cut between characters and
/// followed by "..." where there is more, so that a long key is not repeated in every fault.
[[nodiscard]] std::string quoted_key(std::string_view key);

[[nodiscard]] bool is_ascii(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// How many bytes at the start are neither a quote nor a backslash nor a control character: what a
/// JSON string holds as it is.
[[nodiscard]] std::size_t unescaped_prefix(std::string_view text);

/// True when the text starts with `prefix`, which is in lower case, in whatever case.
[[nodiscard]] bool starts_with_nocase(std::string_view text, std::string_view prefix);

/// Without spaces, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The text with every byte that is no part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

/// Percent-decoding, each %XX a byte; what is no escape stays. Not necessarily UTF-8 afterwards.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space);

} // namespace headwater
