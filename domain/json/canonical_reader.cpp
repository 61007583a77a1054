#include "domain/json/canonical_reader.hpp"

#include "domain/core/text.hpp"

#include <array>

namespace headwater {
namespace {

constexpr std::uint64_t max_integer = (std::uint64_t{1} << 53) - 1;

/// The value of a lower-case hexadecimal digit; -1 for any other byte.
constexpr auto nibbles = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (int i = 0; i < 10; ++i)
    out[static_cast<unsigned char>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i)
    out[static_cast<unsigned char>('a' + i)] = static_cast<std::int8_t>(10 + i);
  return out;
}();

int lower_nibble(char c) {
  return nibbles[static_cast<unsigned char>(c)];
}

/// The character that a two-character escape stands for, or NUL for none.
char short_escape(char letter) {
  switch (letter) {
  case '"':
  case '\\':
    return letter;
  case 'b':
    return '\b';
  case 't':
    return '\t';
  case 'n':
    return '\n';
  case 'f':
    return '\f';
  case 'r':
    return '\r';
  }
  return '\0';
}

} // namespace

bool canonical_reader::fail() {
  good_ = false;
  return false;
}

bool canonical_reader::integer(std::uint64_t& out) {
  std::size_t digits = 0;
  out = 0;
  while (digits < rest_.size() && digits < 17 && rest_[digits] >= '0' && rest_[digits] <= '9')
    out = out * 10 + static_cast<std::uint64_t>(rest_[digits++] - '0');
  if (!good_ || digits == 0 || (digits > 1 && rest_[0] == '0') || out > max_integer)
    return fail();
  rest_.remove_prefix(digits);
  return true;
}

bool canonical_reader::escape(std::string& out) {
  if (rest_.size() < 2)
    return fail();
  if (auto c = short_escape(rest_[1])) {
    out.push_back(c);
    rest_.remove_prefix(2);
    return true;
  }
  if (!rest_.starts_with("\\u00") || rest_.size() < 6)
    return fail();
  auto high = lower_nibble(rest_[4]);
  auto low = lower_nibble(rest_[5]);
  auto code = high * 16 + low;
  // Those that have a short escape must use it.
  bool has_short = code == 8 || code == 9 || code == 10 || code == 12 || code == 13;
  if (high < 0 || low < 0 || code >= 0x20 || has_short)
    return fail();
  out.push_back(static_cast<char>(code));
  rest_.remove_prefix(6);
  return true;
}

bool canonical_reader::string(std::string& out) {
  out.clear();
  if (!literal("\""))
    return false;
  for (;;) {
    const auto size = unescaped_prefix(rest_);
    out.append(rest_.substr(0, size));
    rest_.remove_prefix(size);
    if (rest_.starts_with('"'))
      return literal("\"");
    if (!rest_.starts_with('\\') || !escape(out))
      return fail();
  }
}

bool canonical_reader::digest_text(digest& out) {
  if (!good_ || rest_.size() < 66 || rest_[0] != '"' || rest_[65] != '"')
    return fail();
  int wrong = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto high = lower_nibble(rest_[1 + 2 * i]);
    auto low = lower_nibble(rest_[2 + 2 * i]);
    wrong |= high | low;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  if (wrong < 0)
    return fail();
  rest_.remove_prefix(66);
  return true;
}

/// The index behind the string that starts at `from` with its quote.
std::optional<std::size_t> canonical_reader::string_end(std::size_t from) const {
  for (auto at = from + 1; at < rest_.size(); ++at) {
    at += unescaped_prefix(rest_.substr(at));
    if (at < rest_.size() && rest_[at] == '"')
      return at + 1;
    if (at < rest_.size() && rest_[at] == '\\')
      ++at;
  }
  return std::nullopt;
}

bool canonical_reader::raw_value(std::string& out) {
  std::string_view view;
  if (!raw_view(view))
    return false;
  out.assign(view);
  return true;
}

bool canonical_reader::up_to_last(std::string_view bytes, std::string_view& out) {
  const auto at = rest_.rfind(bytes);
  if (!good_ || at == rest_.npos)
    return fail();
  out = rest_.substr(0, at);
  rest_.remove_prefix(at);
  return true;
}

bool canonical_reader::raw_view(std::string_view& out) {
  std::size_t at = 0;
  int depth = 0;
  while (good_ && at < rest_.size()) {
    auto c = rest_[at];
    if (c == '"') {
      auto end = string_end(at);
      if (!end)
        return fail();
      at = *end;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']'))
      break;
    depth += static_cast<int>(c == '{' || c == '[') - static_cast<int>(c == '}' || c == ']');
    ++at;
  }
  if (!good_ || at == 0 || depth != 0)
    return fail();
  out = rest_.substr(0, at);
  rest_.remove_prefix(at);
  return true;
}

} // namespace headwater
