#include "domain/core/text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace headwater {
namespace {

// Eight bytes at a time: a set high bit in the result marks a byte of the kind looked for. A carry
// may set further bits, but only above one that is correctly set.
using word = std::uint64_t;

constexpr word all(unsigned char byte) {
  return 0x0101010101010101U * byte;
}

constexpr word non_ascii_in(word bytes) {
  return bytes & all(0x80);
}

constexpr word escaped_in(word bytes) {
  const word quote = bytes ^ all('"'), backslash = bytes ^ all('\\');
  return (((bytes - all(0x20)) & ~bytes) | ((quote - all(1)) & ~quote) |
          ((backslash - all(1)) & ~backslash)) &
         all(0x80);
}

constexpr word control_in(word bytes) {
  const word del = bytes ^ all(0x7f);
  return (((bytes - all(0x20)) & ~bytes) | ((del - all(1)) & ~del)) & all(0x80);
}

// The first byte of a text is the lowest of its word.
static_assert(std::endian::native == std::endian::little);

word load(const char* from) {
  word bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// The length of the longest prefix without such a byte. `find` must not find the byte 'a'.
template <word (*find)(word)>
std::size_t prefix_without(std::string_view text) {
  const auto* const data = text.data();
  const auto size = text.size();
  const auto place_in = [&](word bytes) {
    return static_cast<std::size_t>(std::countr_zero(find(bytes))) / 8;
  };
  std::size_t at = 0;
  for (; at + sizeof(word) <= size; at += sizeof(word))
    if (const auto place = place_in(load(data + at)); place < sizeof(word))
      return at + place;
  if (at == size)
    return size;
  if (at > 0) { // the last eight bytes, some of them once more
    const auto last = size - sizeof(word);
    return std::min(last + place_in(load(data + last)), size);
  }
  word bytes = all('a');
  for (std::size_t i = size; i-- > 0;)
    bytes = (bytes << 8) | static_cast<unsigned char>(data[i]);
  return std::min(place_in(bytes), size);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The length of the well-formed UTF-8 sequence at the start (Unicode 15, table 3-7), or 0.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool sound = (lead != 0xE0 || byte(1) >= 0xA0) && (lead != 0xED || byte(1) < 0xA0);
    return sound && continues(1) && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool sound = (lead != 0xF0 || byte(1) >= 0x90) && (lead != 0xF4 || byte(1) < 0x90);
    return sound && continues(1) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

} // namespace

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(
      utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

std::string quoted_key(std::string_view key) {
  constexpr std::size_t longest = 128;
  if (key.size() <= longest)
    return std::string(key);
  auto end = longest;
  while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xC0) == 0x80)
    --end;
  return std::string(key.substr(0, end)) + "...";
}

bool is_ascii(std::string_view text) {
  return prefix_without<non_ascii_in>(text) == text.size();
}

bool is_valid_utf8(std::string_view text) {
  for (;;) {
    text.remove_prefix(prefix_without<non_ascii_in>(text));
    if (text.empty())
      return true;
    const auto size = sequence_length(text);
    if (size == 0)
      return false;
    text.remove_prefix(size);
  }
}

std::size_t unescaped_prefix(std::string_view text) {
  return prefix_without<escaped_in>(text);
}

std::size_t prefix_without_controls(std::string_view text) {
  return prefix_without<control_in>(text);
}

bool equals_nocase(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool starts_with_nocase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower);
}

std::string_view trimmed(std::string_view text) {
  constexpr auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string to_valid_utf8(std::string_view bytes) {
  if (is_ascii(bytes))
    return std::string(bytes);
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const auto size = sequence_length(bytes);
    if (size == 0)
      out += "\xEF\xBF\xBD";
    else
      out += bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  return out;
}

} // namespace headwater
