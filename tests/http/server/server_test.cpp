#include "server_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace headwater::http::testing {

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

std::atomic<int> calls_counted = 0;
std::vector<int> calls_at_marks; // how many were counted at each call of /mark; one io thread

awaitable<result<answer>> count_call(exchange&, const nobody&) {
  ++calls_counted;
  co_return success("1");
}

awaitable<result<answer>> mark_calls(exchange&, const nobody&) {
  calls_at_marks.push_back(calls_counted);
  co_return success("1");
}

constexpr open_route count_route{.verb = method::get,
                                 .path = "/count",
                                 .gate = anyone,
                                 .name = "count",
                                 .summary = "",
                                 .run = count_call};
constexpr open_route mark_route{.verb = method::get,
                                .path = "/mark",
                                .gate = anyone,
                                .name = "mark",
                                .summary = "",
                                .run = mark_calls};

BOOST_AUTO_TEST_CASE(requests_that_are_sent_ahead_leave_others_their_turns) {
  constexpr int many = 1'500;
  calls_counted = 0;
  calls_at_marks.clear();
  auto with = quick();
  with.io_threads = 1;
  server one({row(echo_route), row(count_route), row(mark_route)}, with, nullptr, nullptr);
  BOOST_REQUIRE(!one.start().has_error());
  client ahead(one.port()), other(one.port());
  // While the server waits for a body of unknown length, it reads 64 KiB at a time.
  ahead.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::this_thread::sleep_for(20ms);
  std::string volley = "1\r\nx\r\n0\r\n\r\n";
  for (int i = 0; i < many; ++i)
    volley += "GET /count HTTP/1.1\r\nHost: a\r\n\r\n";
  std::atomic<bool> done = false;
  std::thread reader([&] {
    for (int i = 0; i < many + 1; ++i)
      static_cast<void>(ahead.answer());
    done = true;
  });
  ahead.send(volley);
  while (!done)
    static_cast<void>(other.ask("GET /mark HTTP/1.1\r\nHost: a\r\n\r\n"));
  reader.join();
  BOOST_TEST(calls_counted == many);
  const auto between = std::count_if(calls_at_marks.begin(), calls_at_marks.end(),
                                     [](int seen) { return seen > 0 && seen < many; });
  BOOST_TEST(between >= 5);
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
        post("/echo", "Transfer-Encoding: chunked\r\n", "0\r\nX : y\r\n\r\n"),
        post("/echo", "Transfer-Encoding: chunked\r\n", "0\r\nX: y\n\r\n"),
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

BOOST_AUTO_TEST_CASE(later_minor_versions_are_served_as_1_1) {
  running server;
  auto peer = server.connect();
  for (const std::string minor : {"2", "9"}) {
    const auto answer = peer.ask("GET /hello HTTP/1." + minor + "\r\nHost: a\r\n\r\n");
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(answer.starts_with("HTTP/1.1 "));
  }
  BOOST_TEST(status_of(server.connect().ask("GET /hello HTTP/1.2\r\n\r\n")) == 400); // no Host
}

BOOST_AUTO_TEST_CASE(characters_that_need_no_escape_may_have_one) {
  running server;
  auto peer = server.connect();
  BOOST_TEST(status_of(peer.ask("GET /%68ell%6F HTTP/1.1\r\nHost: a\r\n\r\n")) == 200);
  BOOST_TEST(status_of(peer.ask("GET /hello%2F HTTP/1.1\r\nHost: a\r\n\r\n")) == 404);
  BOOST_TEST(status_of(peer.ask("GET /%2568ello HTTP/1.1\r\nHost: a\r\n\r\n")) == 404);
}

BOOST_AUTO_TEST_CASE(other_versions_are_505_and_connect_is_405) {
  running server;
  BOOST_TEST(status_of(server.connect().ask("GET /hello HTTP/2.0\r\nHost: a\r\n\r\n")) == 505);
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

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_500_without_its_reason) {
  running server;
  const auto answer = server.connect().ask("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(status_of(answer) == 500);
  BOOST_TEST(!contains(answer, "secret"));
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

BOOST_AUTO_TEST_CASE(
    a_request_that_comes_while_the_server_stops_is_answered_or_is_not_but_never_408) {
  auto alone = quick();
  alone.io_threads = 1;
  std::atomic<int> answered = 0, late = 0, unanswered = 0;
  for (int stops = 0; stops < 20; ++stops) {
    running server(alone);
    const auto port = server.one.port();
    {
      std::vector<std::jthread> clients;
      for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
          try {
            for (;;) {
              const auto status = status_of(client{port}.ask(get_hello));
              ++(status == 200 ? answered : status == 408 ? late : unanswered);
              if (status == 0)
                return;
            }
          } catch (const boost::system::system_error&) {
            return; // It does not listen any more.
          }
        });
      std::this_thread::sleep_for(10ms);
      server.one.stop();
    }
  }
  BOOST_TEST(answered > 0);
  BOOST_TEST(late == 0);
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

} // namespace headwater::http::testing
