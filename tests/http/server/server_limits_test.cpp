// Sizes and deadlines of what a client sends and takes.

#include "server_fixture.hpp"

namespace headwater::http::testing {

BOOST_AUTO_TEST_SUITE(server_limits)

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

BOOST_AUTO_TEST_CASE(a_target_over_the_limit_is_414) {
  running server;
  auto peer = server.connect();
  peer.send("GET /" + std::string(16 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_TEST(status_of(peer.rest()) == 414);
}

BOOST_AUTO_TEST_CASE(a_slow_header_is_408_at_an_absolute_deadline) {
  running server;
  auto peer = server.connect();
  const auto start = std::chrono::steady_clock::now();
  for (const char c :
       std::string("GET /hello HTTP/1.1\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")) {
    if (!peer.try_send(std::string(1, c)) || std::chrono::steady_clock::now() - start > 250ms)
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

BOOST_AUTO_TEST_CASE(a_connection_beyond_the_limit_takes_the_place_of_the_longest_idle_one) {
  auto with = quick();
  with.connections_limit = 2;
  with.io_threads = 1;
  running server(with);
  auto first = server.connect(), second = server.connect();
  BOOST_TEST(status_of(first.ask(get_hello)) == 200);
  BOOST_TEST(status_of(second.ask(get_hello)) == 200);
  auto third = server.connect();
  BOOST_TEST(status_of(third.ask(get_hello)) == 200);
  BOOST_TEST(first.rest() == "");
  BOOST_TEST(status_of(second.ask(get_hello)) == 200);
}

BOOST_AUTO_TEST_CASE(the_first_part_of_a_head_gives_way_too) {
  auto with = quick();
  with.connections_limit = 2;
  with.io_threads = 1;
  with.header_timeout = 60s;
  running server(with);
  auto first = server.connect(), second = server.connect();
  for (auto* each : {&first, &second})
    each->send("GET /hello HTTP/1.1\r\nHost: a\r\n");
  std::this_thread::sleep_for(50ms);
  auto third = server.connect();
  BOOST_TEST(status_of(third.ask(get_hello)) == 200);
  BOOST_TEST(first.rest() == "");
  second.send("\r\n");
  BOOST_TEST(status_of(second.answer()) == 200);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_of_another_thread_gives_way_too) {
  auto with = quick();
  with.connections_limit = 2;
  with.io_threads = 2;
  running server(with);
  auto first = server.connect(), second = server.connect(); // one on each thread
  BOOST_TEST(status_of(first.ask(get_hello)) == 200);
  may_read = false;
  second.send(post("/late", "Content-Length: 3\r\n", ""));
  std::this_thread::sleep_for(50ms);
  // Whichever thread is to have it, the first connection is the only one that is idle.
  auto third = server.connect();
  BOOST_TEST(status_of(third.ask(get_hello)) == 200);
  BOOST_TEST(first.rest() == "");
  auto fourth = server.connect();
  BOOST_TEST(status_of(fourth.ask(get_hello)) == 200);
  BOOST_TEST(third.rest() == "");
  may_read = true;
}

BOOST_AUTO_TEST_CASE(a_connection_beyond_the_limit_gets_503_if_none_is_idle) {
  auto with = quick();
  with.connections_limit = 2;
  with.io_threads = 1;
  running server(with);
  auto first = server.connect(), second = server.connect();
  may_read = false;
  for (auto* each : {&first, &second})
    each->send(post("/late", "Content-Length: 3\r\n", ""));
  std::this_thread::sleep_for(50ms);
  auto third = server.connect();
  const auto answer = third.rest();
  may_read = true;
  BOOST_TEST(status_of(answer) == 503);
  BOOST_TEST(contains(answer, "Retry-After: "));
}

BOOST_AUTO_TEST_CASE(requests_that_wait_for_their_clients_do_not_refuse_others) {
  auto with = quick();
  with.in_flight_limit = 1;
  with.io_threads = 1;
  running server(with);
  auto slow = server.connect(), slower = server.connect(), other = server.connect();
  for (auto* each : {&slow, &slower})
    each->send(post("/echo", "Content-Length: 3\r\n", "a"));
  std::this_thread::sleep_for(50ms);
  BOOST_TEST(status_of(other.ask(get_hello)) == 200);
  slow.send("bc");
  BOOST_TEST(status_of(slow.answer()) == 200);
}

BOOST_AUTO_TEST_CASE(beyond_an_addresss_limit_its_longest_idle_connection_ends_and_no_other) {
  auto with = quick();
  with.connections_of_address = 2;
  with.io_threads = 1;
  running server(with);
  client other(server.one.port(), "127.0.0.2");
  BOOST_TEST(status_of(other.ask(get_hello)) == 200);
  auto first = server.connect(), second = server.connect();
  BOOST_TEST(status_of(first.ask(get_hello)) == 200);
  BOOST_TEST(status_of(second.ask(get_hello)) == 200);
  auto third = server.connect();
  BOOST_TEST(status_of(third.ask(get_hello)) == 200);
  BOOST_TEST(first.rest() == "");
  BOOST_TEST(status_of(second.ask(get_hello)) == 200);
  BOOST_TEST(status_of(other.ask(get_hello)) == 200);
}

BOOST_AUTO_TEST_CASE(beyond_an_addresss_limit_it_is_503_if_none_of_it_is_idle) {
  auto with = quick();
  with.connections_of_address = 2;
  with.io_threads = 1;
  with.stream_timeout = with.body_timeout = 2s;
  running server(with);
  auto first = server.connect(), second = server.connect();
  client other(server.one.port(), "127.0.0.2");
  for (auto* each : {&first, &second})
    each->send(post("/echo", "Content-Length: 3\r\n", "a"));
  std::this_thread::sleep_for(50ms);
  const auto answer = server.connect().rest();
  BOOST_TEST(status_of(answer) == 503);
  BOOST_TEST(contains(answer, "Retry-After: "));
  BOOST_TEST(status_of(other.ask(get_hello)) == 200);
  first.send("bc");
  BOOST_TEST(status_of(first.answer()) == 200);
  // Now one is idle.
  auto third = server.connect();
  BOOST_TEST(status_of(third.ask(get_hello)) == 200);
}

BOOST_AUTO_TEST_CASE(an_ended_connection_leaves_its_place_whatever_its_end) {
  auto with = quick();
  with.connections_of_address = 4;
  running server(with);
  for (int i = 0; i < 100; ++i) {
    auto one = server.connect();
    BOOST_TEST(status_of(one.ask(i % 2 == 0 ? get_hello : "nonsense\r\n\r\n")) ==
               (i % 2 == 0 ? 200 : 400));
  }
}

BOOST_AUTO_TEST_CASE(
    unless_set_connections_of_this_machine_and_of_trusted_proxies_are_not_limited) {
  for (const bool is_trusted : {false, true}) {
    auto with = quick();
    with.connections_limit = 8;
    with.stream_timeout = with.body_timeout = 2s;
    if (is_trusted) {
      with.connections_of_address = 1;
      with.trusted_proxies = network_set({*parse_network("127.0.0.1")});
    }
    running server(with);
    std::vector<client> busy;
    for (int i = 0; i < 6; ++i) {
      busy.push_back(server.connect());
      busy.back().send(post("/echo", "Content-Length: 3\r\n", "a"));
    }
    auto more = server.connect();
    BOOST_TEST(status_of(more.ask(get_hello)) == 200);
  }
}

settings proxied(std::size_t of_address = 0) {
  auto out = quick();
  out.io_threads = 1;
  out.trusted_proxies = network_set({*parse_network("127.0.0.1")});
  out.proxy_protocol = true;
  out.connections_of_address = of_address;
  return out;
}

/// The header of a connection from 198.51.100.N.
std::string header_of(char n) {
  using namespace std::string_literals;
  return "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc6\x33\x64"s + n + "\x7f\0\0\1\x04\0\0\x50"s;
}

BOOST_AUTO_TEST_CASE(a_trusted_proxy_begins_with_a_header_and_others_do_not) {
  running server(proxied());
  auto proxy = server.connect();
  BOOST_TEST(status_of(proxy.ask(header_of(7) + get_hello + get_hello)) == 200);
  BOOST_TEST(status_of(proxy.answer()) == 200);
  auto slow = server.connect();
  for (const char each : header_of(7)) {
    slow.send(std::string(1, each));
    std::this_thread::sleep_for(1ms);
  }
  BOOST_TEST(status_of(slow.ask(get_hello)) == 200);
  auto check = server.connect();
  const std::string local("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16);
  BOOST_TEST(status_of(check.ask(local + get_hello)) == 200);
  client direct(server.one.port(), "127.0.0.2");
  BOOST_TEST(status_of(direct.ask(get_hello)) == 200);
  client pretender(server.one.port(), "127.0.0.2");
  BOOST_TEST(status_of(pretender.ask(header_of(7) + get_hello)) == 400);
}

BOOST_AUTO_TEST_CASE(without_a_good_header_a_trusted_proxy_hears_nothing) {
  running server(proxied());
  for (const auto& bytes :
       {get_hello, "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n" + get_hello,
        header_of(7).substr(0, 12) + "\x31" + header_of(7).substr(13) + get_hello}) {
    auto one = server.connect();
    one.send(bytes);
    BOOST_TEST(one.rest() == "");
    BOOST_TEST(one.closed());
  }
}

BOOST_AUTO_TEST_CASE(a_header_has_a_deadline) {
  running server(proxied());
  for (const std::size_t sent : {0, 5, 20}) {
    auto one = server.connect();
    one.send(header_of(7).substr(0, sent));
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(one.rest() == "");
    BOOST_TEST(one.closed());
    BOOST_TEST((std::chrono::steady_clock::now() - start < 2s));
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_does_not_wait_for_headers) {
  running server(proxied());
  auto one = server.connect();
  one.send(header_of(7).substr(0, 5));
  std::this_thread::sleep_for(20ms);
  const auto start = std::chrono::steady_clock::now();
  server.one.stop();
  BOOST_TEST((std::chrono::steady_clock::now() - start < 150ms));
}

BOOST_AUTO_TEST_CASE(connections_through_a_proxy_are_limited_by_the_address_in_their_header) {
  running server(proxied(1));
  auto one = server.connect(), other = server.connect();
  BOOST_TEST(status_of(one.ask(header_of(7) + get_hello)) == 200);
  BOOST_TEST(status_of(other.ask(header_of(8) + get_hello)) == 200);
  auto second = server.connect();
  BOOST_TEST(status_of(second.ask(header_of(7) + get_hello)) == 200);
  BOOST_TEST(one.rest() == "");
  BOOST_TEST(status_of(other.ask(get_hello)) == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http::testing
