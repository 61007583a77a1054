#include "tools/terminal/printable.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <iterator>

namespace headwater::tools {
namespace {

struct code_range {
  char32_t first;
  char32_t last;
};

/// The general categories Cc, Cf, Zl and Zp of Unicode 15, ascending.
constexpr code_range unprintable[] = {
    {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x600, 0x605},
    {0x61C, 0x61C},     {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
    {0x8E2, 0x8E2},     {0x180E, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},   {0x110BD, 0x110BD},
    {0x110CD, 0x110CD}, {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0001, 0xE0001}, {0xE0020, 0xE007F}};

bool is_unprintable(char32_t code) {
  const auto* at = std::ranges::lower_bound(unprintable, code, {}, &code_range::last);
  return at != std::end(unprintable) && at->first <= code;
}

/// The bytes of the character that begins with this one, in valid UTF-8.
std::size_t length_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

char32_t code_of(std::string_view character) {
  constexpr unsigned char first_bits[] = {0x7F, 0x1F, 0x0F, 0x07};
  char32_t out = static_cast<unsigned char>(character[0]) & first_bits[character.size() - 1];
  for (const char c : character.substr(1))
    out = out << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return out;
}

void append_unit(std::string& out, std::uint32_t unit) {
  char escape[8];
  std::snprintf(escape, sizeof escape, "\\u%04x", unit & 0xFFFFU);
  out += escape;
}

/// In UTF-16, as JSON has it.
void append_escaped(std::string& out, char32_t code) {
  constexpr char32_t beyond = 0x10000;
  if (code < beyond)
    return append_unit(out, code);
  append_unit(out, 0xD800U + ((code - beyond) >> 10U));
  append_unit(out, 0xDC00U + ((code - beyond) & 0x3FFU));
}

} // namespace

std::string printable(std::string_view text) {
  const auto valid = to_valid_utf8(text);
  std::string out;
  for (std::string_view rest = valid; !rest.empty();) {
    const auto character = rest.substr(0, length_of(rest.front()));
    if (const auto code = code_of(character); is_unprintable(code))
      append_escaped(out, code);
    else
      out += character;
    rest.remove_prefix(character.size());
  }
  return out;
}

} // namespace headwater::tools
