#pragma once

// The percent escapes of a URL's path in one form, so that paths can be compared. Pure.

#include <string>
#include <string_view>

namespace headwater::attribution {

/// What the WHATWG's path percent-encode set has is escaped, and so is a percent sign that escapes
/// nothing. Escapes of characters that need none are taken out; the others get capital letters.
[[nodiscard]] std::string with_plain_escapes(std::string_view path);

} // namespace headwater::attribution
