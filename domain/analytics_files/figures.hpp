#pragma once

// The figures of an export, as tools for people write them, turned into the text of a JSON number:
// digits are moved, never computed with. Pure, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::analytics_files {

/// What separates whole and fraction. It must be given, never guessed: "1,234" is 1234 or 1.234.
enum class decimal_mark : std::uint8_t { point = 1, comma };

/// The number in a cell: "1,234" -> "1234", "$1,234.50" -> "1234.50" (decimal comma: "1.234,50 €").
/// The other mark counts as a thousands separator if it separates groups of exactly three, and so
/// does a space, U+00A0 or U+202F ("1 234,50"); a number may use only one of these. A currency sign
/// or three capital letters may stand at either end. Nothing for anything else.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view cell, decimal_mark mark);

/// Why a cell is not a figure, for a person; mentions the other decimal mark if that would help.
[[nodiscard]] std::string no_number(std::string_view cell, decimal_mark mark);

} // namespace headwater::analytics_files
