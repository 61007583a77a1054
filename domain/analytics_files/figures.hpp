#pragma once

// The figures of an export, as people's tools write them, as the text of a JSON number: digits are
// moved, never computed with. Pure, any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::analytics_files {

/// What stands between whole and fraction. It is told, never guessed: "1,234" is 1234 or 1.234.
enum class decimal_mark : std::uint8_t { point = 1, comma };

/// The number that a cell shows: "1,234" -> "1234", "$1,234.50" -> "1234.50" (decimal comma:
/// "1.234,50 €"). The other mark is taken for thousands where it cuts whole groups of three,
/// and so is a space, U+00A0 or U+202F ("1 234,50"), one kind in a number. A currency sign or three
/// capital letters may stand at either end. Nothing for anything else.
[[nodiscard]] std::optional<std::string> plain_number(std::string_view cell, decimal_mark mark);

/// Why a cell is no figure, for a person; names the other decimal mark where that would read it.
[[nodiscard]] std::string no_number(std::string_view cell, decimal_mark mark);

} // namespace headwater::analytics_files
