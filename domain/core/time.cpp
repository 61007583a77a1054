#include "domain/core/time.hpp"

#include <chrono>

namespace headwater {
namespace {

constexpr micros micros_per_second = 1'000'000;
constexpr micros micros_per_day = 86'400 * micros_per_second;

micros floor_divide(micros value, micros by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count)
    return std::nullopt;
  int value = 0;
  for (auto c : text.substr(at, count)) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

struct clock_time {
  int hour, minute, second;
};

clock_time time_of_day(micros at) {
  auto seconds = static_cast<int>(floor_divide(at, micros_per_second) -
                                  micros{86'400} * floor_divide(at, micros_per_day));
  return {seconds / 3600, seconds / 60 % 60, seconds % 60};
}

/// Appends `value` with leading zeros; several times as fast as printf, which matters because every
/// rule shows two times.
void append_digits(std::string& out, int value, std::size_t width) {
  out.append(width, '0');
  for (auto at = out.size(); width > 0; --width, value /= 10)
    out[--at] = static_cast<char>('0' + value % 10);
}

std::string without_zone(micros at) {
  auto t = time_of_day(at);
  auto out = to_date_string(day_of(at));
  out.push_back('T');
  append_digits(out, t.hour, 2);
  out.push_back(':');
  append_digits(out, t.minute, 2);
  out.push_back(':');
  append_digits(out, t.second, 2);
  return out;
}

/// Reads "", ".5" ... ".123456" at the front of `rest` as microseconds and removes it from `rest`.
std::optional<micros> read_fraction(std::string_view& rest) {
  if (rest.empty() || rest.front() != '.')
    return 0;
  rest.remove_prefix(1);
  micros value = 0;
  std::size_t count = 0;
  while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9') {
    if (count == 6)
      return std::nullopt;
    value = value * 10 + (rest[count++] - '0');
  }
  if (count == 0)
    return std::nullopt;
  for (auto i = count; i < 6; ++i)
    value *= 10;
  rest.remove_prefix(count);
  return value;
}

/// Reads "Z" or "+HH:MM" as the offset in minutes.
std::optional<int> read_offset(std::string_view zone) {
  if (zone == "Z" || zone == "z")
    return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
    return std::nullopt;
  auto hours = digits(zone, 1, 2);
  auto minutes = digits(zone, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59)
    return std::nullopt;
  auto total = *hours * 60 + *minutes;
  return zone[0] == '-' ? -total : total;
}

} // namespace

std::string to_rfc3339_seconds(micros at) {
  return without_zone(at) + "Z";
}

std::string to_rfc3339_micros(micros at) {
  auto out = without_zone(at);
  out.push_back('.');
  append_digits(out, static_cast<int>(at - floor_divide(at, micros_per_second) * micros_per_second),
                6);
  out.push_back('Z');
  return out;
}

std::optional<micros> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  auto day = parse_date(text.substr(0, 10));
  auto hour = digits(text, 11, 2);
  auto minute = digits(text, 14, 2);
  auto second = digits(text, 17, 2);
  if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  auto rest = text.substr(19);
  auto fraction = read_fraction(rest);
  auto offset = read_offset(rest);
  if (!fraction || !offset)
    return std::nullopt;
  auto seconds = micros{*day} * 86'400 + *hour * 3600 + (*minute - *offset) * 60 + *second;
  return seconds * micros_per_second + *fraction;
}

std::optional<day_number> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return std::nullopt;
  auto year = digits(text, 0, 4);
  auto month = digits(text, 5, 2);
  auto day = digits(text, 8, 2);
  if (!year || !month || !day || *year == 0)
    return std::nullopt;
  auto date = std::chrono::year{*year} / std::chrono::month{static_cast<unsigned>(*month)} /
              std::chrono::day{static_cast<unsigned>(*day)};
  if (!date.ok())
    return std::nullopt;
  return static_cast<day_number>(std::chrono::sys_days{date}.time_since_epoch().count());
}

std::string to_date_string(day_number day) {
  auto date = std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
  std::string out;
  out.reserve(sizeof "YYYY-MM-DDTHH:MM:SS.ffffffZ");
  append_digits(out, static_cast<int>(date.year()), 4);
  out.push_back('-');
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out.push_back('-');
  append_digits(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  return out;
}

day_number day_of(micros at) {
  return static_cast<day_number>(floor_divide(at, micros_per_day));
}

} // namespace headwater
