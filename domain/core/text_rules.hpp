#pragma once

// Small functions for text: code points of UTF-8 known to be valid, white space, a URL's scheme.
// Pure, any thread.

#include <cstddef>
#include <string_view>

namespace headwater {

[[nodiscard]] constexpr bool starts_code_point(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || is_letter(c);
}

[[nodiscard]] constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// The text without ASCII white space at either end.
[[nodiscard]] constexpr std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_space(text.back()))
    text.remove_suffix(1);
  return text;
}

/// The length of the scheme before a leading "scheme://"; 0 if there is none.
[[nodiscard]] constexpr std::size_t scheme_length(std::string_view text) {
  auto colon = text.find("://");
  if (colon == std::string_view::npos || !is_letter(text[0]))
    return 0;
  for (auto c : text.substr(0, colon))
    if (!is_alnum(c) && c != '+' && c != '-' && c != '.')
      return 0;
  return colon;
}

/// Whether the text has more than `most` code points; counts only if the number of bytes leaves it
/// open.
[[nodiscard]] constexpr bool longer_than(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return false;
  std::size_t count = 0;
  for (auto c : text)
    count += starts_code_point(c) ? 1 : 0;
  return count > most;
}

/// The first `most` code points.
[[nodiscard]] constexpr std::string_view first_code_points(std::string_view text,
                                                           std::size_t most) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (starts_code_point(text[i]) && count++ == most)
      return text.substr(0, i);
  return text;
}

/// Whether a `\udc00` without its first half was decoded: RapidJSON 1.1 turns it into three bytes
/// that are not UTF-8.
[[nodiscard]] constexpr bool has_lone_surrogate(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\xed' && static_cast<unsigned char>(text[i + 1]) >= 0xa0)
      return true;
  return false;
}

} // namespace headwater
