#include "domain/matching/regex_symbols.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_one_of(char c, std::string_view set) {
  return set.find(c) != set.npos;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

} // namespace

symbol symbol::of(std::uint32_t code) {
  // A non-ASCII character may fold to an ASCII one: U+212A matches k.
  return code < 0x80 ? symbol{kind::character, static_cast<char>(code)} : symbol{};
}

void pattern_cursor::give_up() {
  gave_up_ = true;
  rest_ = {};
}

bool pattern_cursor::at_one_of(std::string_view set) const {
  return !rest_.empty() && is_one_of(rest_.front(), set);
}

bool pattern_cursor::at_digit(int base) const {
  return !rest_.empty() && digit_value(rest_.front()) < base;
}

bool pattern_cursor::at_range() const {
  return rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
}

bool pattern_cursor::take(char c) {
  if (!at(c))
    return false;
  rest_.remove_prefix(1);
  return true;
}

void pattern_cursor::require(char c) {
  if (!take(c))
    give_up();
}

char pattern_cursor::next() {
  if (rest_.empty()) {
    give_up();
    return 0;
  }
  const char c = rest_.front();
  rest_.remove_prefix(1);
  return c;
}

std::string_view pattern_cursor::take_run() {
  const auto is_special = [](char c) { return !is_ascii(c) || is_one_of(c, "\\^$.[|()*+?{"); };
  auto end = std::ranges::find_if(rest_, is_special);
  if (end != rest_.end() && end != rest_.begin() && is_one_of(*end, "*+?{"))
    --end;
  const auto run = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  rest_.remove_prefix(run.size());
  return run;
}

symbol pattern_cursor::plain(char first) {
  if (is_ascii(first))
    return symbol::of(static_cast<std::uint32_t>(first));
  while (!rest_.empty() && (static_cast<unsigned char>(rest_.front()) & 0xC0) == 0x80)
    rest_.remove_prefix(1);
  return {};
}

symbol pattern_cursor::escape() {
  const char c = next();
  if (!is_letter(c) && digit_value(c) > 9)
    return plain(c);
  if (is_one_of(c, "bBAzZGK"))
    return {symbol::kind::zero_width};
  if (is_one_of(c, "aefnrtdDhHsSvVwWXR") || (c == 'N' && !at('{')))
    return {};
  if (c == 'c') {
    next();
    return {};
  }
  if (c != 'p' && c != 'P')
    return numbered(c);
  if (take('{'))
    rest_.remove_prefix(std::min(rest_.find('}'), rest_.size()));
  next();
  return {};
}

/// \x2e, \x{2e}, \o{56}, \056; a single digit is a back reference. Others are too rare to bother
/// with: \Q...\E, references by name, \10 (which is ambiguous).
symbol pattern_cursor::numbered(char kind) {
  if ((kind == 'x' || kind == 'o') && take('{')) {
    const auto code = number(kind == 'x' ? 16 : 8, 8);
    require('}');
    return symbol::of(code);
  }
  if (kind == 'x')
    return symbol::of(at_digit(16) ? number(16, 2) : 0);
  if (kind == '0')
    return symbol::of(at_digit(8) ? number(8, 2) : 0);
  if (digit_value(kind) > 9 || at_digit(10))
    give_up();
  return {};
}

symbol pattern_cursor::class_member() {
  const char c = next();
  if (c == '\\')
    return escape();
  if (c != '[' || !at_one_of(":.="))
    return plain(c);
  require(':'); // [:alpha:] or [:^alpha:] or [:<:]
  take('^');
  while (!rest_.empty() && (is_letter(rest_.front()) || at_one_of("<>")))
    rest_.remove_prefix(1);
  require(':');
  require(']');
  return {};
}

std::uint32_t pattern_cursor::number(int base, std::size_t most_digits) {
  std::uint32_t value = 0;
  std::size_t digits = 0;
  for (; digits < most_digits && at_digit(base); ++digits)
    value =
        value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit_value(next()));
  if (digits == 0)
    give_up();
  return value;
}

void pattern_cursor::name(char end) {
  while (!rest_.empty() && (is_letter(rest_.front()) || digit_value(rest_.front()) <= 9 ||
                            at('_') || !is_ascii(rest_.front())))
    rest_.remove_prefix(1);
  require(end);
}

} // namespace headwater::attribution
