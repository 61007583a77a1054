#include "domain/core/ulid.hpp"

namespace headwater {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

} // namespace

std::string make_ulid(std::uint64_t milliseconds, const std::array<std::uint8_t, 10>& random) {
  std::string out(26, '0');
  for (int i = 9; i >= 0; --i, milliseconds >>= 5)
    out[static_cast<std::size_t>(i)] = alphabet[milliseconds & 31];
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t at = 10;
  for (auto byte : random) {
    bits = (bits << 8) | byte;
    count += 8;
    while (count >= 5) {
      count -= 5;
      out[at++] = alphabet[(bits >> count) & 31];
    }
    bits &= (1u << count) - 1;
  }
  return out;
}

std::optional<std::string> parse_ulid(std::string_view text) {
  if (text.size() != 26)
    return std::nullopt;
  std::string out;
  out.reserve(26);
  for (auto c : text) {
    auto upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (alphabet.find(upper) == std::string_view::npos)
      return std::nullopt;
    out.push_back(upper);
  }
  if (out.front() > '7')
    return std::nullopt;
  return out;
}

} // namespace headwater
