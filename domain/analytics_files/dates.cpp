#include "domain/analytics_files/dates.hpp"

#include "domain/core/text.hpp"

#include <array>

namespace headwater::analytics_files {
namespace {

constexpr std::array<std::string_view, 12> months = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

struct calendar_parts {
  int year = 0, month = 0, day = 0;
};

/// Takes up to `most` digits and at least `least`; -1 if there are fewer.
int take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  int value = 0;
  std::size_t count = 0;
  for (; count < most && count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count)
    value = value * 10 + (text[count] - '0');
  if (count < least)
    return -1;
  text.remove_prefix(count);
  return value;
}

/// Takes "January" or "Jan"; 0 if there is none.
int take_month(std::string_view& text) {
  constexpr std::size_t brief = 3;
  for (std::size_t i = 0; i < months.size(); ++i)
    for (const auto name : {months[i], months[i].substr(0, brief)})
      if (starts_with_nocase(text, name)) {
        text.remove_prefix(name.size());
        return static_cast<int>(i) + 1;
      }
  return 0;
}

bool take_literal(char c, std::string_view& text) {
  if (!text.starts_with(c))
    return false;
  text.remove_prefix(1);
  return true;
}

/// `tight`: digits come right before, so a day of one digit would be a guess.
bool take(char directive, bool tight, std::string_view& text, calendar_parts& into) {
  const std::size_t least = tight ? 2 : 1;
  switch (directive) {
  case 'Y':
    into.year = take_digits(text, 4, 4);
    return into.year > 0;
  case 'm':
    into.month = take_digits(text, least, 2);
    return into.month > 0;
  case 'd':
    into.day = take_digits(text, least, 2);
    return into.day > 0;
  case 'b':
  case 'B':
    into.month = take_month(text);
    return into.month > 0;
  default: // "%%": of() refuses any other
    return take_literal('%', text);
  }
}

void write(std::string& into, std::size_t at, std::size_t digits, int value) {
  for (; digits > 0; value /= 10)
    into[at + --digits] = static_cast<char>('0' + value % 10);
}

std::optional<day_number> read_as(std::string_view pattern, std::string_view text) {
  calendar_parts parts;
  bool tight = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%') {
      if (!take(pattern[++i], tight, text, parts))
        return std::nullopt;
      tight = pattern[i] != '%';
      continue;
    }
    if (!take_literal(pattern[i], text))
      return std::nullopt;
    tight = false;
  }
  if (!text.empty())
    return std::nullopt;
  std::string form = "0000-00-00";
  write(form, 0, 4, parts.year);
  write(form, 5, 2, parts.month);
  write(form, 8, 2, parts.day);
  return parse_date(form);
}

/// How often a pattern contains the year, the month and the day; nothing for an unknown directive.
std::optional<std::array<int, 3>> named_parts(std::string_view pattern) {
  std::array<int, 3> count{};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%')
      continue;
    if (++i == pattern.size())
      return std::nullopt;
    const auto place = std::string_view{"YmdbB%"}.find(pattern[i]);
    if (place == std::string_view::npos)
      return std::nullopt;
    if (pattern[i] != '%')
      ++count[place > 2 ? 1 : place];
  }
  return count;
}

} // namespace

date_reader::date_reader() : patterns_{"%Y%m%d", "%Y-%m-%d", "%B %d, %Y"} {}

result<date_reader> date_reader::of(const std::string& pattern) {
  if (named_parts(pattern) != std::array{1, 1, 1})
    return error(errc::bad_request, "'" + pattern +
                                        "' is no pattern of a date: it needs %Y, %m (or %b) and "
                                        "%d once each, as in %d/%m/%Y");
  date_reader out;
  out.patterns_ = {pattern};
  out.is_told_ = true;
  return out;
}

std::optional<day_number> date_reader::read(std::string_view text) const {
  for (const auto& pattern : patterns_)
    if (auto day = read_as(pattern, trimmed(text)))
      return day;
  return std::nullopt;
}

std::string date_reader::no_day(std::string_view text) const {
  auto why = "'" + quoted_key(text) + "' is no day of the calendar ";
  if (is_told_)
    return why + "in the form " + patterns_.front();
  return why + "in a form such as 20260131, 2026-01-31 or January 31, 2026; for another one say "
               "--date-format, for example %d/%m/%Y";
}

} // namespace headwater::analytics_files
