#include "domain/hosts/plain_escapes.hpp"

namespace headwater::attribution {
namespace {

int escaped_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto folded = static_cast<char>(c | 0x20);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

void append_escaped(std::string& to, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  to += '%';
  to += digits[byte >> 4U];
  to += digits[byte & 15U];
}

} // namespace

std::string with_plain_escapes(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const int high = c == '%' && i + 2 < path.size() ? escaped_digit(path[i + 1]) : -1;
    const int low = high >= 0 ? escaped_digit(path[i + 2]) : -1;
    if (low >= 0) {
      const auto escaped = static_cast<char>(high * 16 + low);
      i += 2;
      if (is_unreserved(escaped))
        out += escaped;
      else
        append_escaped(out, escaped);
    } else if (c > ' ' && c < 0x7f &&
               std::string_view("%\"<>^`{}").find(c) == std::string_view::npos) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
  return out;
}

} // namespace headwater::attribution
