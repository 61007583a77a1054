#include "domain/referrals/revenue.hpp"

#include "domain/json/json_number.hpp"

#include <array>

namespace headwater::referrals {
namespace {

constexpr int decimals = 6;
/// Millionths with more digits than this exceed the limit (9e18 has 19).
constexpr std::int64_t max_digits = 19;

enum class remainder : std::uint8_t { none, below_half, half, above_half };

/// The digits from `from` on as a fraction of one.
remainder remainder_of(const significant_digits& digits, std::int64_t from) {
  bool rest = digits.any_from(from + 1);
  auto first = digits.at(from);
  if (first == 5 && !rest)
    return remainder::half;
  if (first >= 5)
    return remainder::above_half;
  return first != 0 || rest ? remainder::below_half : remainder::none;
}

} // namespace

revenue_reading read_revenue(std::string_view json_number) {
  auto parts = take_number(json_number);
  if (!parts || !json_number.empty())
    return {{}, revenue_fault::malformed};
  significant_digits digits{*parts};
  if (digits.zero())
    return {};
  if (parts->negative)
    return {{}, revenue_fault::negative};
  auto whole_digits = digits.magnitude() + decimals;
  if (whole_digits > max_digits)
    return {{}, revenue_fault::too_large};
  if (whole_digits < 0)
    return {};
  auto value = digits.leading(whole_digits);
  auto left = remainder_of(digits, whole_digits);
  constexpr auto most = static_cast<std::uint64_t>(revenue::max_millionths);
  if (value > most || (value == most && left != remainder::none))
    return {{}, revenue_fault::too_large};
  if (left == remainder::above_half || (left == remainder::half && value % 2 == 1))
    ++value;
  return {revenue{static_cast<std::int64_t>(value)}, std::nullopt};
}

namespace {

/// One writer for both widths; 64-bit division is much faster.
template <class Integer>
void append_millionths(std::string& out, Integer millionths) {
  std::array<char, 48> text;
  auto at = text.size();
  auto fraction = static_cast<int>(millionths % revenue::scale);
  auto whole = static_cast<Integer>(millionths / revenue::scale);
  if (fraction != 0) {
    int places = decimals;
    for (; fraction % 10 == 0; fraction /= 10)
      --places;
    for (; places > 0; --places, fraction /= 10)
      text[--at] = static_cast<char>('0' + fraction % 10);
    text[--at] = '.';
  }
  do {
    text[--at] = static_cast<char>('0' + static_cast<int>(whole % 10));
    whole /= 10;
  } while (whole != 0);
  out.append(text.data() + at, text.size() - at);
}

} // namespace

void append_decimal(std::string& out, revenue_sum millionths) {
  append_millionths(out, millionths);
}

void append_decimal(std::string& out, revenue value) {
  append_millionths(out, value.millionths);
}

std::string to_decimal(revenue value) {
  std::string out;
  append_decimal(out, value);
  return out;
}

std::string to_decimal(revenue_sum millionths) {
  std::string out;
  append_decimal(out, millionths);
  return out;
}

std::optional<revenue> parse_decimal(std::string_view text) {
  auto reading = read_revenue(text);
  if (reading.fault || to_decimal(reading.value) != text)
    return std::nullopt;
  return reading.value;
}

} // namespace headwater::referrals
