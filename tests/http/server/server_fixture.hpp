#pragma once

// A server with a few routes of its own, and a client that sees bytes as they are.

#include "domain/core/try.hpp"
#include "http/gate/route.hpp"
#include "http/server/exchange.hpp"
#include "http/server/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <prometheus/metric_family.h>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

namespace headwater::http::testing {

using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

using nobody = open_gate::entered;

inline awaitable<result<answer>> hello(exchange&, const nobody&) {
  co_return success(R"("hello")");
}

inline awaitable<result<answer>> echo(exchange& x, const nobody&) {
  CO_TRY(const auto body, co_await x.stream().read_all(1000));
  co_return plain(std::string(body));
}

inline std::atomic<bool> may_read = false;

inline awaitable<result<answer>> late_echo(exchange& x, const nobody& in) {
  while (!may_read)
    co_await x.stream().yield();
  co_return co_await echo(x, in);
}

inline awaitable<result<answer>> relay(exchange& x, const nobody&) {
  std::string piece;
  for (;;) {
    piece.clear();
    CO_TRY(const bool more, co_await x.stream().read_some(piece));
    if (!piece.empty()) {
      const bool is_there = co_await x.stream().write_some(piece);
      if (!is_there)
        co_return sent();
    }
    if (!more) {
      std::string nothing;
      co_return co_await x.finish(std::move(nothing));
    }
  }
}

inline awaitable<result<answer>> slow(exchange& x, const nobody&) {
  for (const auto until = std::chrono::steady_clock::now() + 200ms;
       std::chrono::steady_clock::now() < until;)
    co_await x.stream().yield();
  co_return success("1");
}

inline std::atomic<int> pieces_made = 0;

/// Three pieces, of which an answer to HEAD needs none.
inline awaitable<result<answer>> stream(exchange& x, const nobody&) {
  for (int i = 0; i < 3; ++i) {
    ++pieces_made;
    const bool is_wanted = co_await x.stream().write_some("piece");
    if (!is_wanted)
      break;
  }
  co_return sent();
}

inline awaitable<result<answer>> broken(exchange&, const nobody&) {
  throw std::runtime_error("secret detail");
  co_return no_content();
}

using open_route = route<open_gate>;

inline constexpr open_route hello_route{.verb = method::get,
                                        .path = "/hello",
                                        .gate = anyone,
                                        .name = "hello",
                                        .summary = "",
                                        .run = hello};
inline constexpr open_route echo_route{.verb = method::post,
                                       .path = "/echo",
                                       .gate = anyone,
                                       .name = "echo",
                                       .summary = "",
                                       .run = echo};
inline constexpr open_route late_route{.verb = method::post,
                                       .path = "/late",
                                       .gate = anyone,
                                       .name = "late",
                                       .summary = "",
                                       .run = late_echo};
inline constexpr open_route relay_route{.verb = method::post,
                                        .path = "/relay",
                                        .gate = anyone,
                                        .name = "relay",
                                        .summary = "",
                                        .run = relay};
inline constexpr open_route slow_route{.verb = method::get,
                                       .path = "/slow",
                                       .gate = anyone,
                                       .name = "slow",
                                       .summary = "",
                                       .run = slow};
inline constexpr open_route stream_route{.verb = method::get,
                                         .path = "/stream",
                                         .gate = anyone,
                                         .name = "stream",
                                         .summary = "",
                                         .run = stream};
inline constexpr open_route broken_route{.verb = method::get,
                                         .path = "/broken",
                                         .gate = anyone,
                                         .name = "broken",
                                         .summary = "",
                                         .run = broken};
inline constexpr open_route refuse_route{.verb = method::post,
                                         .path = "/refuse",
                                         .gate = anyone,
                                         .name = "refuse",
                                         .summary = "",
                                         .run = hello};

inline std::vector<endpoint> table() {
  return {row(hello_route), row(echo_route),   row(late_route),   row(relay_route),
          row(slow_route),  row(stream_route), row(broken_route), row(refuse_route)};
}

inline settings quick() {
  settings out;
  out.listen = "127.0.0.1:0";
  out.io_threads = 2;
  out.idle_timeout = 300ms;
  out.header_timeout = 200ms;
  out.body_timeout = 200ms;
  out.stream_timeout = 200ms;
  out.drain_timeout = 300ms;
  out.tick = 10ms;
  return out;
}

/// A client that sees bytes as they are.
class client {
public:
  explicit client(std::uint16_t port, const char* from = "127.0.0.1")
      : context_(std::make_unique<asio::io_context>()), socket_(*context_) {
    socket_.open(tcp::v4());
    socket_.bind({asio::ip::make_address(from), 0});
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }

  void send(std::string_view bytes) { asio::write(socket_, asio::buffer(bytes)); }
  /// False: the server has closed its end.
  bool try_send(std::string_view bytes) {
    boost::system::error_code ec;
    asio::write(socket_, asio::buffer(bytes), ec);
    return !ec;
  }

  /// Everything until the server closes, or nothing came for `patience`.
  std::string rest(std::chrono::milliseconds patience = 3s) {
    while (read(patience)) {
    }
    return std::move(seen_);
  }

  /// One answer with its Content-Length body; empty if the connection ended before it.
  std::string answer() {
    for (;;) {
      const auto end = seen_.find("\r\n\r\n");
      if (end != seen_.npos) {
        const auto at = seen_.find("Content-Length: ");
        const auto length = at < end ? std::stoul(seen_.substr(at + 16)) : 0;
        if (seen_.size() >= end + 4 + length) {
          auto out = seen_.substr(0, end + 4 + length);
          seen_.erase(0, out.size());
          return out;
        }
      }
      if (!read(3s))
        return {};
    }
  }

  std::string ask(std::string_view bytes) {
    send(bytes);
    return answer();
  }

  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }

private:
  bool read(std::chrono::milliseconds patience) {
    pollfd waiting{socket_.native_handle(), POLLIN, 0};
    if (poll(&waiting, 1, static_cast<int>(patience.count())) <= 0)
      return false;
    char bytes[4096];
    boost::system::error_code ec;
    const auto n = socket_.read_some(asio::buffer(bytes), ec);
    closed_ = static_cast<bool>(ec);
    seen_.append(bytes, n);
    return !ec;
  }

  std::unique_ptr<asio::io_context> context_;
  tcp::socket socket_;
  std::string seen_;
  bool closed_ = false;
};

struct running {
  explicit running(settings with = quick()) : one(table(), with, nullptr, nullptr) {
    BOOST_REQUIRE(!one.start().has_error());
  }
  [[nodiscard]] client connect() const { return client(one.port()); }

  server one;
};

/// The server's socket of a connection; it is one of this process.
inline int server_end_of(const client& peer) {
  for (int fd = 0; fd < 1024; ++fd) {
    sockaddr_in remote{};
    socklen_t size = sizeof remote;
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&remote), &size) == 0 &&
        remote.sin_family == AF_INET && ntohs(remote.sin_port) == peer.port())
      return fd;
  }
  return -1;
}

/// Sends bytes behind the server's back until its socket takes no more.
inline void clog(int fd) {
  const std::string bytes(64 * 1024, 'x');
  for (int calm = 0; calm < 3; ++calm) {
    while (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
      calm = 0;
    std::this_thread::sleep_for(10ms);
  }
}

inline const std::string get_hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::string post(std::string_view path, std::string_view fields, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace headwater::http::testing
