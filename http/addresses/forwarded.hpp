#pragma once

// Where a request comes from, if it came through proxies. Each proxy appends the address that it
// was called from to X-Forwarded-For, so what a client has written there itself stands to the left:
//
//   X-Forwarded-For: 1.1.1.1, 198.51.100.7, 10.0.0.2        from 10.0.0.1
//                    invented  the client    a trusted proxy     another one
//
// Read from the right, the first address that is no trusted proxy is the client's.

#include "http/addresses/networks.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace headwater::http {

/// An entry of X-Forwarded-For: an address, which may have a port ("192.0.2.1:5678",
/// "[2001:db8::1]:443") or brackets. Nothing for anything else, such as "unknown" or "_hidden".
[[nodiscard]] std::optional<boost::asio::ip::address> read_forwarded(std::string_view entry);

/// The address of the client. `peer` is where the connection comes from, and `lines` are the values
/// of all X-Forwarded-For lines, in their order, which count only if `peer` is trusted. An entry
/// that is no address ends the reading: the one to its right counts, trusted or not. The time grows
/// with the length of what trusted proxies have appended.
[[nodiscard]] boost::asio::ip::address client_behind(const network_set& trusted,
                                                     const boost::asio::ip::address& peer,
                                                     std::span<const std::string_view> lines);

} // namespace headwater::http
