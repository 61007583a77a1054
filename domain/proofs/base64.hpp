#pragma once

// Base 64 with the standard alphabet and padding (RFC 4648, section 4), for texts below 1 GiB.
// Pure, any thread.

#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// Throws std::length_error for more than 700 MiB.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// Decodes text that to_base64() could have written; nothing for any other text (missing padding,
/// bits set in the padding, white space, other alphabets).
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

} // namespace headwater
