#include "domain/json/json_number.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace headwater {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest) {
  std::size_t count = 0;
  while (count < rest.size() && is_digit(rest[count]))
    ++count;
  auto digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

bool take(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos)
    return false;
  rest.remove_prefix(1);
  return true;
}

std::string_view take_fraction(std::string_view& rest) {
  auto ahead = rest;
  if (!take(ahead, "."))
    return {};
  auto digits = take_digits(ahead);
  if (!digits.empty())
    rest = ahead;
  return digits;
}

std::int64_t take_exponent(std::string_view& rest) {
  constexpr std::int64_t farthest = 1'000'000'000'000;
  auto ahead = rest;
  if (!take(ahead, "eE"))
    return 0;
  bool minus = ahead.starts_with('-');
  take(ahead, "+-");
  auto digits = take_digits(ahead);
  if (digits.empty())
    return 0;
  rest = ahead;
  std::int64_t value = 0;
  for (auto c : digits)
    value = std::min(farthest, value * 10 + (c - '0'));
  return minus ? -value : value;
}

} // namespace

std::optional<number_parts> take_number(std::string_view& rest) {
  auto ahead = rest;
  number_parts parts;
  parts.negative = take(ahead, "-");
  if (ahead.starts_with('0')) {
    parts.whole = ahead.substr(0, 1);
    ahead.remove_prefix(1);
  } else {
    parts.whole = take_digits(ahead);
  }
  if (parts.whole.empty())
    return std::nullopt;
  parts.fraction = take_fraction(ahead);
  parts.exponent = take_exponent(ahead);
  rest = ahead;
  return parts;
}

significant_digits::significant_digits(const number_parts& parts)
    : whole_(parts.whole), fraction_(parts.fraction) {
  auto decimals = static_cast<std::int64_t>(fraction_.size());
  while (!whole_.empty() && whole_.front() == '0')
    whole_.remove_prefix(1);
  while (whole_.empty() && !fraction_.empty() && fraction_.front() == '0')
    fraction_.remove_prefix(1);
  magnitude_ = size() - decimals + parts.exponent;
}

int significant_digits::at(std::int64_t place) const {
  auto i = static_cast<std::size_t>(place);
  if (i < whole_.size())
    return whole_[i] - '0';
  i -= whole_.size();
  return i < fraction_.size() ? fraction_[i] - '0' : 0;
}

bool significant_digits::any_from(std::int64_t from) const {
  for (auto place = std::max<std::int64_t>(from, 0); place < size(); ++place)
    if (at(place) != 0)
      return true;
  return false;
}

std::uint64_t significant_digits::leading(std::int64_t count) const {
  std::uint64_t value = 0;
  for (std::int64_t place = 0; place < count; ++place)
    value = value * 10 + static_cast<std::uint64_t>(at(place));
  return value;
}

count_reading read_count(std::string_view json_number) {
  constexpr std::int64_t most_digits = 16; // of 2^53-1
  auto parts = take_number(json_number);
  if (!parts || !json_number.empty())
    return {0, count_fault::not_a_number};
  significant_digits digits{*parts};
  if (digits.zero())
    return {};
  if (digits.any_from(digits.magnitude()))
    return {0, count_fault::not_an_integer};
  if (parts->negative)
    return {0, count_fault::negative};
  if (digits.magnitude() > most_digits)
    return {0, count_fault::too_large};
  auto value = static_cast<std::int64_t>(digits.leading(digits.magnitude()));
  if (value > largest_count)
    return {0, count_fault::too_large};
  return {value, std::nullopt};
}

bool is_json_number(std::string_view text) {
  return take_number(text) && text.empty();
}

bool is_integral(std::string_view json_number) {
  const auto parts = take_number(json_number);
  if (!parts)
    return false;
  const significant_digits digits{*parts};
  return digits.zero() || !digits.any_from(digits.magnitude());
}

std::optional<std::int64_t> integer_of(std::string_view json_number) {
  constexpr std::int64_t most_digits = 19; // of 2^63
  const auto parts = take_number(json_number);
  if (!parts)
    return std::nullopt;
  const significant_digits digits{*parts};
  if (digits.zero())
    return 0;
  if (digits.magnitude() > most_digits || digits.any_from(digits.magnitude()))
    return std::nullopt;
  const auto size = digits.leading(digits.magnitude()); // below 10^19, which 64 bits hold
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (size > largest + (parts->negative ? 1 : 0))
    return std::nullopt;
  return static_cast<std::int64_t>(parts->negative ? 0 - size : size);
}

bool exceeds_double(std::string_view json_number) {
  if (!may_exceed_double(json_number))
    return false;
  constexpr std::int64_t largest = 309; // DBL_MAX = 0.1797... * 10^309
  auto rest = json_number;
  auto parts = take_number(rest);
  if (!parts)
    return false;
  significant_digits digits{*parts};
  if (digits.zero() || digits.magnitude() < largest)
    return false;
  double value = 0;
  auto end = json_number.data() + json_number.size();
  return digits.magnitude() > largest ||
         std::from_chars(json_number.data(), end, value).ec == std::errc::result_out_of_range;
}

} // namespace headwater
