#pragma once

// The host of a Host header or of a target's absolute form. Pure, any thread.

#include <string_view>

namespace headwater::http {

/// A host by RFC 3986 with or without a port: a name whose escapes are whole, an IPv4 address, or
/// an IPv6 address in brackets. Refused, though the RFC has them: no host at all, a name of more
/// than 255 bytes, an address of a future version.
[[nodiscard]] bool is_valid_host(std::string_view host);

} // namespace headwater::http
