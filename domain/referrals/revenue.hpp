#pragma once

// Money exactly as sent: a count of millionths, read digit by digit and never through a double. Its
// currency is unknown. Immutable, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// Why a JSON number is not a revenue.
enum class revenue_fault : std::uint8_t { malformed = 1, negative, too_large };

/// 0 to 9e12 in steps of 1e-6. The largest value, 9e18 millionths, fits 63 bits.
struct revenue {
  std::int64_t millionths = 0;

  static constexpr std::int64_t scale = 1'000'000;
  static constexpr std::int64_t max_millionths = 9'000'000'000'000 * scale;

  auto operator<=>(const revenue&) const = default;
};

/// A revenue, or the reason why there is none.
struct revenue_reading {
  revenue value;
  std::optional<revenue_fault> fault;
};

/// Reads the text of a JSON number, exponents included. Decimals after the sixth are rounded half
/// to even, taking all digits into account; `-0` in any spelling is 0. The limit applies to the
/// exact value before rounding.
[[nodiscard]] revenue_reading read_revenue(std::string_view json_number);

/// The shortest decimal form without exponent: "0", "19.99", "1200". Used as the string in events
/// and as the JSON number in responses.
[[nodiscard]] std::string to_decimal(revenue value);
void append_decimal(std::string& out, revenue value);

/// Reads what to_decimal() writes and nothing else.
[[nodiscard]] std::optional<revenue> parse_decimal(std::string_view text);

/// A sum of revenues. 128 bits hold 1.8e19 rows of the largest value.
__extension__ using revenue_sum = __int128;

/// The decimal form of a sum of millionths, which is never negative.
[[nodiscard]] std::string to_decimal(revenue_sum millionths);
void append_decimal(std::string& out, revenue_sum millionths);

} // namespace headwater::referrals
