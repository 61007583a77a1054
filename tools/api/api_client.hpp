#pragma once

// Sends one request to the API of a running server, over plain HTTP, for the subcommands that talk
// to one. Blocks. Boost.Beast stays in the .cpp.

#include "domain/core/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::tools {

struct server_address {
  std::string host;
  std::string port;
  std::string base; ///< the part before every path, without a trailing slash
};

/// Reads "http://host[:port][/base]". errc::bad_request for anything else, including https.
[[nodiscard]] result<server_address> parse_server_url(std::string_view url);

struct api_request {
  std::string method; ///< "GET", "POST"
  std::string target; ///< path and query
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct api_answer {
  unsigned status = 0;
  std::string body;
  /// The value of Retry-After; nothing if there is none or it is a date.
  std::optional<std::chrono::seconds> retry_after = {};
};

/// Called with the bytes sent so far, out of how many; then with those received (`total` 0:
/// unknown).
struct transfer_watch {
  std::function<void(std::uint64_t done, std::uint64_t total)> sent;
  std::function<void(std::uint64_t done, std::uint64_t total)> received;
};

/// Sends the request and reads the whole answer, whatever its status. errc::io_failed if there is
/// none: the server does not accept the connection, it breaks, or nothing moves for a minute.
[[nodiscard]] result<api_answer> call_api(const server_address& server, api_request request,
                                          const transfer_watch& watch);

/// Percent-encodes a query value.
[[nodiscard]] std::string encoded(std::string_view value);

} // namespace headwater::tools
