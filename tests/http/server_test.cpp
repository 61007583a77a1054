#include "http/exchange.hpp"
#include "http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <prometheus/metric_family.h>

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

namespace headwater::http {
namespace {

using namespace std::chrono_literals;
using tcp = asio::ip::tcp;

awaitable<void> hello(exchange& x) {
  x.success(R"("hello")");
  co_return;
}

awaitable<void> echo(exchange& x) {
  const auto body = co_await x.stream().read_all(1000);
  if (body.has_error())
    x.fail(body.error());
  else
    x.out.body = *body;
}

std::atomic<bool> may_read = false;

awaitable<void> late_echo(exchange& x) {
  while (!may_read)
    co_await x.stream().yield();
  co_await echo(x);
}

awaitable<void> relay(exchange& x) {
  std::string piece;
  for (;;) {
    piece.clear();
    const auto more = co_await x.stream().read_some(piece);
    if (more.has_error()) {
      x.fail(more.error());
      co_return;
    }
    if (!piece.empty() && !co_await x.stream().write_some(piece))
      co_return;
    if (!*more)
      co_return;
  }
}

awaitable<void> slow(exchange& x) {
  for (const auto until = std::chrono::steady_clock::now() + 200ms;
       std::chrono::steady_clock::now() < until;)
    co_await x.stream().yield();
  x.success("1");
}

awaitable<void> broken(exchange&) {
  throw std::runtime_error("secret detail");
  co_return;
}

std::vector<route> table() {
  const auto rules = family::rules;
  return {{method::get, "/hello", rules, access::anyone, "hello", "", {200}, hello},
          {method::post, "/echo", rules, access::anyone, "echo", "", {200}, echo},
          {method::post, "/late", rules, access::anyone, "late", "", {200}, late_echo},
          {method::post, "/relay", rules, access::anyone, "relay", "", {200}, relay},
          {method::get, "/slow", rules, access::anyone, "slow", "", {200}, slow},
          {method::get, "/broken", rules, access::anyone, "broken", "", {500}, broken},
          {method::post, "/refuse", rules, access::anyone, "refuse", "", {200}, hello}};
}

settings quick() {
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
  explicit client(std::uint16_t port) : socket_(context_) {
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

  asio::io_context context_;
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
int server_end_of(const client& peer) {
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
void clog(int fd) {
  const std::string bytes(64 * 1024, 'x');
  for (int calm = 0; calm < 3; ++calm) {
    while (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
      calm = 0;
    std::this_thread::sleep_for(10ms);
  }
}

const std::string get_hello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::string_view path, std::string_view fields, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(server_sockets)

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_reused) {
  running server;
  auto peer = server.connect();
  for (int i = 0; i < 3; ++i) {
    const auto answer = peer.ask(get_hello);
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(contains(answer, R"({"success":true,"data":"hello"})"));
    BOOST_TEST(contains(answer, "Content-Type: application/json\r\n"));
    BOOST_TEST(contains(answer, "X-Request-ID: "));
    BOOST_TEST(!contains(answer, "Connection: close"));
  }
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  running server;
  auto peer = server.connect();
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += post("/echo", "Content-Length: 2\r\n", std::to_string(10 + i));
  peer.send(all);
  for (int i = 0; i < 50; ++i)
    BOOST_TEST(peer.answer().ends_with("\r\n\r\n" + std::to_string(10 + i)));
}

BOOST_AUTO_TEST_CASE(a_request_may_arrive_byte_by_byte) {
  running server;
  auto peer = server.connect();
  for (const char c :
       post("/echo", "Transfer-Encoding: chunked\r\n", "2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n"))
    peer.send(std::string(1, c));
  BOOST_TEST(peer.answer().ends_with("\r\n\r\nabc"));
}

BOOST_AUTO_TEST_CASE(a_sane_request_id_comes_back_and_another_is_replaced) {
  running server;
  auto peer = server.connect();
  const auto with = [](const std::string& id) {
    return "GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-ID: " + id + "\r\n\r\n";
  };
  BOOST_TEST(contains(peer.ask(with("req.1:A_b-c")), "X-Request-ID: req.1:A_b-c\r\n"));
  for (const auto& id : {std::string("a b"), std::string(129, 'x'), std::string("a\"b")})
    BOOST_TEST(!contains(peer.ask(with(id)), id + "\r\n"));
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_it_asks_to_be_kept) {
  running server;
  auto peer = server.connect();
  BOOST_TEST(contains(peer.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
                      "Connection: keep-alive"));
  peer.send("GET /hello HTTP/1.0\r\n\r\n");
  BOOST_TEST(contains(peer.rest(), "Connection: close"));
  BOOST_TEST(peer.closed());
}

BOOST_AUTO_TEST_CASE(malformed_requests_are_400_and_close) {
  running server;
  for (const auto& bytes :
       {std::string("GET /hello HTTP/1.1\r\n\r\n"), std::string("nonsense\r\n\r\n"),
        std::string("GET /hello HTTP/1.1\nHost: a\n\n"),
        post("/echo", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("/echo", "Transfer-Encoding: chunked\r\n", "zz\r\n"),
        post("/echo", "Transfer-Encoding: chunked\r\n", "0\r\nTrailer: x\r\n\r\n"),
        std::string("GET /hello?a=%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")}) {
    auto peer = server.connect();
    peer.send(bytes + get_hello);
    const auto answer = peer.rest();
    BOOST_TEST(status_of(answer) == 400, bytes);
    BOOST_TEST(contains(answer, R"({"error":{"code":"bad_request")"));
    BOOST_TEST(!contains(answer, "hello\"}"));
    BOOST_TEST(peer.closed());
  }
}

BOOST_AUTO_TEST_CASE(other_versions_are_505_and_connect_is_405) {
  running server;
  BOOST_TEST(status_of(server.connect().ask("GET /hello HTTP/1.2\r\nHost: a\r\n\r\n")) == 505);
  const auto answer = server.connect().ask("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n");
  BOOST_TEST(status_of(answer) == 405);
  BOOST_TEST(contains(answer, "Allow: "));
}

BOOST_AUTO_TEST_CASE(unknown_paths_methods_and_options) {
  running server;
  auto peer = server.connect();
  BOOST_TEST(status_of(peer.ask("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n")) == 404);
  BOOST_TEST(contains(peer.ask("PUT /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
                      "Allow: GET, HEAD, OPTIONS\r\n"));
  BOOST_TEST(status_of(peer.ask("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n")) == 204);
  BOOST_TEST(status_of(peer.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")) == 204);
}

BOOST_AUTO_TEST_CASE(head_has_the_length_but_no_body) {
  running server;
  auto peer = server.connect();
  peer.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = peer.rest();
  BOOST_TEST(contains(answer, "Content-Length: 31\r\n"));
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_500_without_its_reason) {
  running server;
  const auto answer = server.connect().ask("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(status_of(answer) == 500);
  BOOST_TEST(!contains(answer, "secret"));
}

BOOST_AUTO_TEST_CASE(a_header_over_the_limit_is_431) {
  running server;
  auto peer = server.connect();
  peer.send("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(16 * 1024, 'x'));
  BOOST_TEST(status_of(peer.rest()) == 431);
  auto many = server.connect();
  std::string fields;
  for (int i = 0; i < 200; ++i)
    fields += "X: y\r\n";
  BOOST_TEST(status_of(many.ask("GET /hello HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n")) == 431);
}

BOOST_AUTO_TEST_CASE(a_slow_header_is_408_at_an_absolute_deadline) {
  running server;
  auto peer = server.connect();
  const auto start = std::chrono::steady_clock::now();
  bool open = true;
  for (const char c :
       std::string("GET /hello HTTP/1.1\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")) {
    if (!(open = peer.try_send(std::string(1, c))) ||
        std::chrono::steady_clock::now() - start > 250ms)
      break;
    std::this_thread::sleep_for(10ms);
  }
  BOOST_TEST(status_of(peer.rest()) == 408);
  BOOST_TEST((std::chrono::steady_clock::now() - start < 2s));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  running server;
  auto peer = server.connect();
  BOOST_TEST(peer.rest() == "");
  BOOST_TEST(peer.closed());
}

BOOST_AUTO_TEST_CASE(a_slow_body_is_408_at_an_absolute_deadline) {
  running server;
  auto peer = server.connect();
  peer.send(post("/echo", "Content-Length: 100\r\n", ""));
  for (int i = 0; i < 25 && peer.try_send("x"); ++i)
    std::this_thread::sleep_for(10ms);
  const auto answer = peer.rest();
  BOOST_TEST(status_of(answer) == 408);
  BOOST_TEST(contains(answer, "Connection: close"));
}

BOOST_AUTO_TEST_CASE(a_stream_may_last_as_long_as_bytes_come) {
  running server;
  auto peer = server.connect();
  peer.send(post("/relay", "Transfer-Encoding: chunked\r\n", ""));
  for (int i = 0; i < 8; ++i) {
    peer.send("1\r\nx\r\n");
    std::this_thread::sleep_for(50ms);
  }
  peer.send("0\r\n\r\n" + get_hello);
  const auto all = peer.rest(500ms);
  BOOST_TEST(contains(all, "Transfer-Encoding: chunked"));
  BOOST_TEST(contains(all, "0\r\n\r\nHTTP/1.1 200"));
}

BOOST_AUTO_TEST_CASE(a_stream_that_stalls_is_cut_off_without_its_end) {
  running server;
  auto peer = server.connect();
  peer.send(post("/relay", "Transfer-Encoding: chunked\r\n", "1\r\nx\r\n"));
  const auto all = peer.rest();
  BOOST_TEST(status_of(all) == 200);
  BOOST_TEST(!contains(all, "\r\n0\r\n\r\n"));
  BOOST_TEST(peer.closed());
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_413_before_it_is_read) {
  running server;
  auto peer = server.connect();
  const auto answer = peer.ask(post("/echo", "Content-Length: 1001\r\n", ""));
  BOOST_TEST(status_of(answer) == 413);
  BOOST_TEST(contains(answer, "Connection: close"));
  auto chunked = server.connect();
  std::string chunks;
  for (int i = 0; i < 200; ++i)
    chunks += "a\r\n0123456789\r\n";
  BOOST_TEST(status_of(chunked.ask(post("/echo", "Transfer-Encoding: chunked\r\n", chunks))) ==
             413);
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_large_upload_arrives_and_not_a_reset) {
  running server;
  auto peer = server.connect();
  peer.send(post("/refuse", "Content-Length: 8000000\r\n", ""));
  const std::string block(100'000, 'x');
  for (int i = 0; i < 80; ++i)
    BOOST_REQUIRE(peer.try_send(block));
  const auto answer = peer.rest();
  BOOST_TEST(status_of(answer) == 200);
  BOOST_TEST(contains(answer, "Connection: close"));
}

BOOST_AUTO_TEST_CASE(an_unread_body_does_not_become_the_next_request) {
  running server;
  auto peer = server.connect();
  const auto hidden = "GET /nope HTTP/1.1\r\nHost: a\r\n\r\n";
  peer.send(post("/refuse", "Content-Length: 31\r\n", hidden) + get_hello);
  const auto first = peer.answer();
  const auto second = peer.answer();
  BOOST_TEST(status_of(first) == 200);
  BOOST_TEST(status_of(second) == 200);
}

BOOST_AUTO_TEST_CASE(continue_is_sent_right_before_the_body_is_read) {
  running server;
  auto peer = server.connect();
  peer.send(post("/echo", "Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
  BOOST_TEST(peer.answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  BOOST_TEST(peer.ask("abc").ends_with("abc"));
  auto refused = server.connect();
  const auto answer =
      refused.ask(post("/echo", "Content-Length: 5000\r\nExpect: 100-continue\r\n", ""));
  BOOST_TEST(status_of(answer) == 413);
}

BOOST_AUTO_TEST_CASE(a_100_continue_that_has_to_wait_leaves_the_body_its_deadline) {
  auto with = quick();
  with.stream_timeout = 5s;
  running server(with);
  auto peer = server.connect();
  may_read = false;
  peer.send(post("/late", "Content-Length: 3\r\nExpect: 100-continue\r\n", ""));
  while (server_end_of(peer) < 0)
    std::this_thread::sleep_for(1ms);
  clog(server_end_of(peer));
  may_read = true;
  std::this_thread::sleep_for(50ms);
  const auto text = peer.rest(1s);
  BOOST_TEST(contains(text, "xHTTP/1.1 100 Continue\r\n\r\n"));
  BOOST_TEST(contains(text, "HTTP/1.1 408 "));
}

BOOST_AUTO_TEST_CASE(a_connection_beyond_the_limit_gets_503) {
  auto with = quick();
  with.connections_limit = 2;
  running server(with);
  auto first = server.connect(), second = server.connect();
  BOOST_TEST(status_of(first.ask(get_hello)) == 200);
  BOOST_TEST(status_of(second.ask(get_hello)) == 200);
  auto third = server.connect();
  const auto answer = third.rest();
  BOOST_TEST(status_of(answer) == 503);
  BOOST_TEST(contains(answer, "Retry-After: "));
}

BOOST_AUTO_TEST_CASE(stop_finishes_what_is_in_flight_and_ends_the_idle) {
  auto server = std::make_unique<running>();
  auto busy = server->connect(), idle = server->connect();
  BOOST_TEST(status_of(idle.ask(get_hello)) == 200);
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  std::this_thread::sleep_for(50ms);
  const auto start = std::chrono::steady_clock::now();
  const auto port = server->one.port();
  std::thread stopping([&] { server->one.stop(); });
  const auto answer = busy.rest();
  BOOST_TEST(status_of(answer) == 200);
  BOOST_TEST(contains(answer, "Connection: close"));
  BOOST_TEST(idle.rest() == "");
  stopping.join();
  BOOST_TEST((std::chrono::steady_clock::now() - start < 3s));
  BOOST_CHECK_THROW(client{port}, boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(cors_is_for_the_origins_of_the_settings) {
  auto with = quick();
  with.cors_origins = {"https://a.example"};
  running server(with);
  auto peer = server.connect();
  const auto ask = [&](std::string_view verb, std::string_view fields) {
    return peer.ask(std::string(verb) + " /hello HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
                    "\r\n");
  };
  BOOST_TEST(contains(ask("GET", "Origin: https://a.example\r\n"),
                      "Access-Control-Allow-Origin: https://a.example\r\n"));
  BOOST_TEST(!contains(ask("GET", "Origin: https://b.example\r\n"), "Access-Control-Allow"));
  BOOST_TEST(contains(ask("OPTIONS", "Origin: https://a.example\r\n"
                                     "Access-Control-Request-Method: GET\r\n"),
                      "Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"));
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_and_status) {
  running server;
  auto peer = server.connect();
  (void)peer.ask(get_hello);
  (void)peer.ask("GET /nope HTTP/1.1\r\nHost: a\r\n\r\n");
  (void)peer.ask(get_hello);
  double hello_count = 0, unrouted = 0;
  for (const auto& family : server.one.counters()->Collect())
    if (family.name == "headwater_http_requests_total")
      for (const auto& one : family.metric) {
        if (one.label[0].value == "hello" && one.label[2].value == "200")
          hello_count = one.counter.value;
        if (one.label[0].value == "none" && one.label[2].value == "404")
          unrouted = one.counter.value;
      }
  BOOST_TEST(hello_count >= 1);
  BOOST_TEST(unrouted == 1);
}

BOOST_AUTO_TEST_CASE(addresses_that_cannot_be_listened_on_are_errors) {
  for (const auto address : {"localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "::1:80",
                             "[127.0.0.1]:80", "127.0.0.1:80x", ""}) {
    auto with = quick();
    with.listen = address;
    server one(table(), with, nullptr, nullptr);
    BOOST_TEST(one.start().has_error(), address);
  }
  running first;
  auto with = quick();
  with.listen = "127.0.0.1:" + std::to_string(first.one.port());
  server second(table(), with, nullptr, nullptr);
  const auto taken = second.start();
  BOOST_REQUIRE(taken.has_error());
  BOOST_TEST((taken.error().code == errc::io_failed));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
