#pragma once

// Binds the address and distributes accepted connections among the io threads in turn. Runs on the
// first io thread.

#include "domain/core/error.hpp"
#include "http/server/io_thread.hpp"
#include "http/server/session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

namespace headwater::http {

/// "127.0.0.1:8080" or "[::1]:8080".
[[nodiscard]] result<asio::ip::tcp::endpoint> parse_endpoint(std::string_view text);

using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, executor>;

/// Binds a new acceptor and listens. io_failed with the system's reason.
[[nodiscard]] result<void> listen_on(tcp_acceptor& acceptor, const asio::ip::tcp::endpoint& at);

class listener {
public:
  /// `open` counts the sessions of all threads; ended sessions decrement it. Beyond `most` of them
  /// connections are refused, or one that is idle makes room.
  listener(std::vector<std::unique_ptr<io_thread>>& threads, const session_context& context,
           std::atomic<std::size_t>& open, std::size_t most);

  /// Binds and listens. io_failed with the system's reason.
  [[nodiscard]] result<void> open(const asio::ip::tcp::endpoint& at);
  [[nodiscard]] std::uint16_t port() const;

  /// Accepts until close(). Spawn it once.
  awaitable<void> run();
  void close();

private:
  void hand_over(socket connection, std::size_t to);
  /// Begins a session on this thread. If there are too many, an idle one ends first: on this thread
  /// or on one of the next, `to_ask` of them in all, which has the new one then.
  void begin(socket connection, std::size_t at, bool is_full, std::size_t to_ask);

  std::vector<std::unique_ptr<io_thread>>& threads_;
  const session_context& context_;
  std::atomic<std::size_t>& open_;
  const std::size_t most_;
  asio::ip::tcp protocol_ = asio::ip::tcp::v4();
  tcp_acceptor acceptor_;
  std::size_t next_ = 0;
};

} // namespace headwater::http
