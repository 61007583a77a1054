#include "domain/analytics_files/figures.hpp"

#include "domain/core/text.hpp"
#include "domain/json/json_number.hpp"

#include <algorithm>
#include <array>

namespace headwater::analytics_files {
namespace {

constexpr std::array<std::string_view, 4> signs = {"$", "€", "£", "¥"};
constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view narrow_no_break_space = "\xE2\x80\xAF";

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string_view bare(std::string_view text) {
  for (auto before = text.size() + 1; text.size() < before;) {
    before = text.size();
    text = trimmed(text);
    for (const auto space : {no_break_space, narrow_no_break_space}) {
      text.remove_prefix(text.starts_with(space) ? space.size() : 0);
      text.remove_suffix(text.ends_with(space) ? space.size() : 0);
    }
  }
  return text;
}

/// The text without one currency sign or code.
std::string_view without_currency(std::string_view text) {
  for (const auto sign : signs) {
    if (text.starts_with(sign))
      return bare(text.substr(sign.size()));
    if (text.ends_with(sign))
      return bare(text.substr(0, text.size() - sign.size()));
  }
  constexpr std::size_t code = 3;
  if (text.size() > code && std::ranges::all_of(text.substr(0, code), is_capital))
    return bare(text.substr(code));
  if (text.size() > code && std::ranges::all_of(text.substr(text.size() - code), is_capital))
    return bare(text.substr(0, text.size() - code));
  return text;
}

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == text.npos;
}

/// The thousands separator of a number: the given mark or a space of one kind, whichever comes
/// first.
std::string_view separator_in(std::string_view text, std::string_view mark) {
  const auto first = std::min(text.find_first_not_of("0123456789"), text.size());
  for (const auto space : {std::string_view{" "}, no_break_space, narrow_no_break_space})
    if (text.substr(first).starts_with(space))
      return space;
  return mark;
}

/// The digits of "1234", "1,234" or "1 234"; nothing if groups do not have three digits.
std::optional<std::string> whole_digits(std::string_view text, std::string_view mark) {
  const auto separator = separator_in(text, mark);
  constexpr std::size_t group = 3;
  std::string out;
  for (auto part = text.find(separator); part != text.npos; part = text.find(separator)) {
    const auto first = out.empty();
    if (part == 0 || part > group || (!first && part != group))
      return std::nullopt;
    out += text.substr(0, part);
    text.remove_prefix(part + separator.size());
  }
  if (!out.empty() && text.size() != group)
    return std::nullopt;
  out += text;
  if (!is_digits(out))
    return std::nullopt;
  out.erase(0, std::min(out.find_first_not_of('0'), out.size()));
  return out.empty() ? "0" : out;
}

} // namespace

std::optional<std::string> plain_number(std::string_view cell, decimal_mark mark) {
  auto text = bare(cell);
  bool negative = text.starts_with('-');
  text = without_currency(text.substr(negative ? 1 : 0));
  if (!negative && text.starts_with('-')) {
    negative = true;
    text.remove_prefix(1);
  }
  const char point = mark == decimal_mark::point ? '.' : ',';
  const std::string_view separator = mark == decimal_mark::point ? "," : ".";
  const auto end = std::min(text.find_first_of("eE"), text.size());
  const auto cut = std::min(text.find(point), end);
  const auto fraction = text.substr(std::min(cut + 1, end), end - std::min(cut + 1, end));
  if ((cut == 0 && fraction.empty()) || !is_digits(fraction))
    return std::nullopt;
  auto out = whole_digits(text.substr(0, cut), separator);
  if (!out)
    return std::nullopt;
  if (!fraction.empty())
    out->append(".").append(fraction);
  out->append(text.substr(end));
  if (negative)
    out->insert(0, 1, '-');
  std::string_view rest = *out;
  if (!take_number(rest) || !rest.empty())
    return std::nullopt;
  return out;
}

std::string no_number(std::string_view cell, decimal_mark mark) {
  const bool is_point = mark == decimal_mark::point;
  std::string why = "'" + quoted_key(cell) + "' is no number with a decimal ";
  why += is_point ? "point" : "comma";
  if (plain_number(cell, is_point ? decimal_mark::comma : decimal_mark::point))
    why += is_point ? "; where the file has decimal commas, say --decimal comma"
                    : "; where the file has decimal points, leave --decimal comma out";
  return why;
}

} // namespace headwater::analytics_files
