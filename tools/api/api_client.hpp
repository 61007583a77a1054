#pragma once

// One request to the API of a running server, over plain HTTP; for the subcommands that work on
// one. Blocks. Boost.Beast stays in the .cpp.

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
  std::string base; ///< what stands before every path, without a trailing slash
};

/// Reads "http://host[:port][/base]". errc::bad_request for anything else, https too.
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
  /// Of the header Retry-After; nothing where there is none, or a date.
  std::optional<std::chrono::seconds> retry_after = {};
};

/// Told of the bytes sent so far, of how many; then of those received (`total` 0: unknown).
struct transfer_watch {
  std::function<void(std::uint64_t done, std::uint64_t total)> sent;
  std::function<void(std::uint64_t done, std::uint64_t total)> received;
};

/// Sends the request and reads the whole answer, whatever its status. errc::io_failed where there
/// is none, because nobody listens, the connection breaks or nothing moves for a minute.
[[nodiscard]] result<api_answer> call_api(const server_address& server, api_request request,
                                          const transfer_watch& watch);

/// Percent-encodes a query value.
[[nodiscard]] std::string encoded(std::string_view value);

} // namespace headwater::tools
