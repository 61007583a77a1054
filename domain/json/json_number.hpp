#pragma once

// Reads the text of a JSON number digit by digit, for integers, exact counts and exact revenue.
// Values that point into the text; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace headwater {

/// A JSON number in its parts: whole.fraction * 10^exponent. Larger exponents than 10^12 count as
/// 10^12: no request has enough digits for that to make a difference.
struct number_parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0;
};

/// Takes the longest number (RFC 8259, section 6) from the front of `rest`; nothing, and `rest` as
/// it was, if there is none.
[[nodiscard]] std::optional<number_parts> take_number(std::string_view& rest);

/// The digits of a number without leading zeros: value = 0.DDD * 10^magnitude. No digits: zero.
class significant_digits {
public:
  explicit significant_digits(const number_parts& parts);

  [[nodiscard]] std::int64_t size() const {
    return static_cast<std::int64_t>(whole_.size() + fraction_.size());
  }
  [[nodiscard]] bool zero() const { return size() == 0; }
  [[nodiscard]] std::int64_t magnitude() const { return magnitude_; }
  /// The digit at a place; 0 after the last digit.
  [[nodiscard]] int at(std::int64_t place) const;
  /// True if there is a digit other than 0 at `from` or after it.
  [[nodiscard]] bool any_from(std::int64_t from) const;
  /// The first `count` digits as a number, at most 19.
  [[nodiscard]] std::uint64_t leading(std::int64_t count) const;

private:
  std::string_view whole_;
  std::string_view fraction_;
  std::int64_t magnitude_ = 0;
};

enum class count_fault : std::uint8_t { not_a_number = 1, not_an_integer, negative, too_large };

/// 2^53-1, up to which a double holds every whole number.
inline constexpr std::int64_t largest_count = (std::int64_t{1} << 53) - 1;

/// A count from 0 to largest_count, or why the number is not one.
struct count_reading {
  std::int64_t value = 0;
  std::optional<count_fault> fault;
};

/// Reads a number whose value is an integer, however it is written: `100`, `100.0`, `1e2`, `-0`.
[[nodiscard]] count_reading read_count(std::string_view json_number);

/// The integer that the number stands for, exactly: "100", "100.0", "1e2", "-0"; nothing if it
/// has a fractional part or does not fit 64 bits.
[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view json_number);

/// True for a number without a fractional part, however large.
[[nodiscard]] bool is_integral(std::string_view json_number);

/// True if the whole text is a number (RFC 8259, section 6).
[[nodiscard]] bool is_json_number(std::string_view text);

/// False for a number of fewer than 300 digits and without an exponent. Takes no time for those.
[[nodiscard]] inline bool may_exceed_double(std::string_view json_number) {
  return json_number.size() >= 300 || json_number.find_first_of("eE") != std::string_view::npos;
}

/// True if the number is too large for a double (`1e400`). A number too close to 0 counts as 0.
[[nodiscard]] bool exceeds_double(std::string_view json_number);

} // namespace headwater
