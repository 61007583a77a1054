#pragma once

// ULIDs: 48 bits of milliseconds and 80 random bits, written as 26 Crockford base32 characters
// (github.com/ulid/spec). The ids of connections and requests.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// Characters of a ULID.
inline constexpr std::size_t ulid_length = 26;

/// Writes the ULID of `milliseconds` since 1970 and ten random bytes, in upper case.
[[nodiscard]] std::string make_ulid(std::uint64_t milliseconds,
                                    const std::array<std::uint8_t, 10>& random);

/// The canonical upper-case form of a ULID, or nothing: wrong length, a letter outside the
/// alphabet, or more than 128 bits (a first character above 7).
[[nodiscard]] std::optional<std::string> parse_ulid(std::string_view text);

} // namespace headwater
