#pragma once

// Every limit and address of the HTTP edge, with its default; docs/operations.md explains those
// that can be set. A plain value: tools/ fills it from flags, environment and file; the server
// copies it once at start.

#include "http/addresses/networks.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace headwater::http {

struct settings {
  /// "127.0.0.1:8080", "[::1]:8080"; port 0 takes any free one.
  std::string listen = "127.0.0.1:8080";
  /// A second listener, for operators alone; empty: the first one serves them, too.
  std::string ops_listen;
  std::size_t ops_connections_limit = 64; ///< of the second listener, besides connections_limit
  /// PEM files of the certificate chain and its key; both empty: plain HTTP.
  std::string tls_certificate;
  std::string tls_key;
  unsigned io_threads = std::max(1U, std::thread::hardware_concurrency());

  std::size_t header_limit = 16 * 1024;       ///< request line and fields; beyond it 414, 431
  std::size_t field_limit = 100;              ///< header fields; beyond it 431
  std::size_t body_limit = 1024 * 1024;       ///< rules, accounts, tokens, connections
  std::size_t events_limit = 5 * 1024 * 1024; ///< one pushed batch
  std::size_t resolve_limit = 8 * 1024 * 1024;
  std::size_t import_limit = 32 * 1024 * 1024;
  std::size_t import_rules = 50'000;   ///< rows of one import
  std::size_t json_depth = 32;         ///< at most 32, which is what the parsers take
  std::size_t line_limit = 64 * 1024;  ///< one NDJSON line of /resolve
  std::size_t visits_limit = 10'000;   ///< visits of one JSON body
  std::size_t chunk_line_limit = 1024; ///< a chunk's size line with its extensions

  std::chrono::milliseconds idle_timeout{60'000};   ///< before the first byte of a request
  std::chrono::milliseconds header_timeout{5'000};  ///< from the first byte to the blank line
  std::chrono::milliseconds body_timeout{30'000};   ///< for a whole body, from start to end
  std::chrono::milliseconds stream_timeout{30'000}; ///< for a stream, or a reply, without progress
  std::chrono::milliseconds drain_timeout{2'000};   ///< for reading on after an early answer
  std::size_t drain_limit = 16 * 1024 * 1024;
  std::chrono::milliseconds command_timeout{10'000}; ///< for waiting for the actors; then 503
  std::chrono::milliseconds stop_timeout{6'000};     ///< for finishing what is in flight at SIGTERM
  std::chrono::milliseconds tick{250};               ///< resolution of all of the above

  std::size_t connections_limit = 10'000;
  /// From one IPv4 address or IPv6 /64 that is no trusted proxy; 0: any number. Not given: a
  /// quarter of connections_limit, and any number from this machine, where a proxy may be.
  std::optional<std::size_t> connections_of_address;
  network_set trusted_proxies; ///< their X-Forwarded-For and PROXY headers count
  bool proxy_protocol = false; ///< trusted proxies begin each connection with a PROXY header
  std::size_t in_flight_limit = 1'024; ///< requests at work, per io thread; beyond it 503
  /// Bodies of requests, and answers, above 64 KiB that may be in memory at a time; one account
  /// gets half of it. Beyond it 503.
  std::size_t body_memory = std::size_t{128} * 1024 * 1024;
  std::size_t answer_memory = std::size_t{64} * 1024 * 1024;

  std::string version; ///< of the program, for its metrics

  std::size_t followers = 100; ///< clients that follow events, see application::followers

  std::int64_t rate_limit =
      60'000; ///< requests of a token a minute, but for /resolve; 0: any number
  std::int64_t failed_logins = 20; ///< a second from one address, beyond it 429; 0: any number

  /// What a proxy has in front of all paths, such as "/hw", for the page of the console. It does
  /// not change which paths are served.
  std::string public_path;

  /// Origins that a browser may call from, exactly as in its Origin header, or "*". Default none.
  std::vector<std::string> cors_origins;
};

} // namespace headwater::http
