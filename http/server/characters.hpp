#pragma once

// The classes of bytes in the grammars of RFC 9110, RFC 9112 and RFC 3986. Pure, any thread.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace headwater::http::characters {

enum kind : std::uint8_t {
  token = 1,     ///< of a field's name or a coding: tchar
  text = 2,      ///< of a field's value, with tab, space and bytes that are not ASCII
  host_name = 4, ///< of a host's name, without escapes: unreserved and sub-delims
  digit = 8,
  hex = 16,        ///< in either case
  unreserved = 32, ///< needs no escape in a URI (RFC 3986, 2.3)
};

namespace detail {

constexpr bool is_one_of(std::string_view those, unsigned c) {
  return c < 128 && those.find(static_cast<char>(c)) != those.npos;
}

constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool number = c >= '0' && c <= '9';
    const bool alnum = number || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alnum || is_one_of("!#$%&'*+-.^_`|~", c))
      out[c] |= token;
    if (c == '\t' || (c >= 0x20 && c != 0x7f))
      out[c] |= text;
    if (alnum || is_one_of("-._~!$&'()*+,;=", c))
      out[c] |= host_name;
    if (number)
      out[c] |= digit | hex;
    if (alnum || is_one_of("-._~", c))
      out[c] |= unreserved;
    if (is_one_of("abcdefABCDEF", c))
      out[c] |= hex;
  }
  return out;
}

inline constexpr auto kinds = make_kinds();

} // namespace detail

[[nodiscard]] constexpr bool is(char c, kind what) {
  return (detail::kinds[static_cast<unsigned char>(c)] & what) != 0;
}

/// Whether all bytes are of the kind; true if there are none.
[[nodiscard]] constexpr bool all(std::string_view bytes, kind what) {
  return std::all_of(bytes.begin(), bytes.end(), [what](char c) { return is(c, what); });
}

/// How many bytes at the start are of the kind.
[[nodiscard]] constexpr std::size_t prefix(std::string_view bytes, kind what) {
  const auto end =
      std::find_if_not(bytes.begin(), bytes.end(), [what](char c) { return is(c, what); });
  return static_cast<std::size_t>(end - bytes.begin());
}

} // namespace headwater::http::characters
