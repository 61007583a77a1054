#pragma once

// The host of a Host header or of a target's absolute form. Pure, any thread.

#include <string_view>

namespace headwater::http {

/// Whether this is a host by RFC 3986 with or without a port: a name with complete escapes, an IPv4
/// address, or an IPv6 address in brackets. Refused although the RFC allows them: an empty host, a
/// name of more than 255 bytes, an address of a future IP version.
[[nodiscard]] bool is_valid_host(std::string_view host);

} // namespace headwater::http
