#pragma once

// Whether a secret that a person chose is easy to guess. Pure.

#include <optional>
#include <string_view>

namespace headwater::accounts {

/// What a secret should be and is not, as the message of a fault; nothing if it may be used.
/// Refuses what is guessed first: few different characters, a short text again and again, and runs
/// of the alphabet, of digits or of a keyboard, with less than 12 other characters. What a random
/// generator makes passes: of 24 hexadecimal digits less than one in 10,000 is refused, of 24
/// letters and digits practically none.
[[nodiscard]] std::optional<std::string_view> weakness_of(std::string_view secret);

} // namespace headwater::accounts
