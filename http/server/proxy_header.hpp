#pragma once

// The header of the PROXY protocol, version 2 (haproxy.org, proxy-protocol.txt), which a proxy
// sends before the first byte of its client's connection, to say where that comes from:
//
//    0          12           13                14             16
//   +----------+------------+-----------------+--------------+------------------+------+
//   | signature| version,   | address family, | length of    | source and       | TLVs |
//   | 12 bytes | command    | transport       | what follows | destination      |      |
//   +----------+------------+-----------------+--------------+------------------+------+
//
// TLVs are skipped. Version 1, a line of text, is refused.

#include "domain/core/error.hpp"
#include "http/server/asio.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace headwater::http {

/// The longest header that is read; a proxy rarely sends more than 536 bytes.
inline constexpr std::size_t longest_proxy_header = 4 * 1024;

struct proxy_header {
  /// Where the client's connection comes from. Nothing: from the proxy itself (LOCAL, such as a
  /// health check), or the family has no address that is understood here.
  std::optional<asio::ip::address> source;
};

struct proxy_scan {
  /// How many bytes to read next: so many belong to the header in any case. 0: it is complete.
  std::size_t missing = 0;
  proxy_header header; ///< once it is complete
};

/// Looks at what has arrived of a header. bad_request if it is none.
[[nodiscard]] result<proxy_scan> scan_proxy_header(std::string_view so_far);

/// Reads a header, and no byte of what follows it. bad_request if something else has been sent,
/// io_failed if the connection ends or the operation is cancelled; then the message is empty if not
/// a byte has come.
[[nodiscard]] awaitable<result<proxy_header>> read_proxy_header(socket& from);

} // namespace headwater::http
