#pragma once

// The forms in which rules accept domain names. Pure.

#include <string_view>

namespace headwater::attribution {

/// The text without a leading "scheme://".
[[nodiscard]] std::string_view without_scheme(std::string_view text);

/// Labels of lowercase letters, digits and inner hyphens; at least two of them, at most 253 octets
/// in all, and the last label not all digits.
[[nodiscard]] bool is_domain_name(std::string_view ascii);

} // namespace headwater::attribution
