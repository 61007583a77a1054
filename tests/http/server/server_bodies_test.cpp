// Which messages have a body, and where it ends.

#include "server_fixture.hpp"

namespace headwater::http::testing {

BOOST_AUTO_TEST_SUITE(server_bodies)

BOOST_AUTO_TEST_CASE(head_has_the_length_but_no_body) {
  running server;
  auto peer = server.connect();
  peer.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto answer = peer.rest();
  BOOST_TEST(contains(answer, "Content-Length: 31\r\n"));
  BOOST_TEST(answer.ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(head_of_a_stream_has_neither_length_nor_body) {
  running server;
  for (const std::string version : {"1.1", "1.0"}) {
    auto peer = server.connect();
    pieces_made = 0;
    peer.send("HEAD /stream HTTP/" + version + "\r\nHost: a\r\n\r\n");
    if (version == "1.1")
      peer.send("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const auto answer = peer.rest();
    const auto first = answer.substr(0, answer.find("\r\n\r\n") + 4);
    BOOST_TEST(status_of(first) == 200);
    BOOST_TEST(!contains(first, "Content-Length"), first);
    BOOST_TEST(contains(first, "Transfer-Encoding: chunked") == (version == "1.1"), first);
    BOOST_TEST(pieces_made.load() == 1);
    const auto next = answer.substr(first.size());
    BOOST_TEST(status_of(next) == (version == "1.1" ? 200 : 0), answer);
    BOOST_TEST(peer.closed());
  }
}

BOOST_AUTO_TEST_CASE(a_refused_head_has_no_body) {
  running server;
  for (const auto& [bytes, status] : std::vector<std::pair<std::string, int>>{
           {"HEAD /hello HTTP/1.1\r\n\r\n", 400},
           {"HEAD /hello HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400},
           {"HEAD /hello HTTP/1.1\nHost: a\n\n", 400},
           {"HEAD /hello\r\n\r\n", 400},
           {"HEAD  /hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
           {"HEAD\t/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},
           {"\r\nHEAD /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
           {"HEAD /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505},
           {"HEAD /hello HTTP/1.1\r\nX: " + std::string(16 * 1024, 'x'), 431},
           {"HEAD /hello HTTP/1.1\r\nX: ", 408},
           {"HEAD /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
           {"HEAD /nope HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404},
           {"HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405},
           {"HEAD /broken HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 500}}) {
    auto peer = server.connect();
    peer.send(bytes);
    const auto answer = peer.rest();
    BOOST_TEST(status_of(answer) == status, bytes);
    BOOST_TEST(answer.ends_with("\r\n\r\n"), answer);
    BOOST_TEST(!contains(answer, "Content-Length: 0"), answer);
    BOOST_TEST(peer.closed());
  }
}

BOOST_AUTO_TEST_CASE(a_method_that_begins_like_head_gets_a_body) {
  running server;
  auto peer = server.connect();
  peer.send("HEAD");
  std::this_thread::sleep_for(20ms);
  peer.send("ER /hello HTTP/1.1\r\n\r\n");
  BOOST_TEST(contains(peer.rest(), R"({"error":{"code":"bad_request")"));
}

BOOST_AUTO_TEST_CASE(trailers_are_dropped_and_the_next_request_is_read) {
  running server;
  auto peer = server.connect();
  const auto one = post("/echo", "Transfer-Encoding: chunked\r\n",
                        "1\r\na\r\n0\r\nConnection: close\r\nContent-Length: 100\r\n"
                        "Transfer-Encoding: gzip\r\nHost: b\r\n\r\n");
  peer.send(one + one + get_hello);
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(peer.answer().ends_with("\r\n\r\na"));
  BOOST_TEST(contains(peer.answer(), "hello\"}"));
}

BOOST_AUTO_TEST_CASE(trailers_over_a_headers_limit_are_431_and_close) {
  running server;
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += "X: y\r\n";
  for (const auto& trailers : {"X: " + std::string(16 * 1024, 'y') + "\r\n", many}) {
    auto peer = server.connect();
    peer.send(post("/echo", "Transfer-Encoding: chunked\r\n", "0\r\n" + trailers + "\r\n") +
              get_hello);
    const auto answer = peer.rest();
    BOOST_TEST(status_of(answer) == 431);
    BOOST_TEST(!contains(answer, "hello\"}"));
    BOOST_TEST(peer.closed());
  }
}

BOOST_AUTO_TEST_CASE(another_transfer_coding_is_501_and_closes) {
  running server;
  auto peer = server.connect();
  peer.send(post("/echo", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n") + get_hello);
  const auto answer = peer.rest();
  BOOST_TEST(status_of(answer) == 501);
  BOOST_TEST(contains(answer, R"({"error":{"code":"not_implemented")"));
  BOOST_TEST(!contains(answer, "hello\"}"));
  BOOST_TEST(peer.closed());
}

BOOST_AUTO_TEST_CASE(a_compressed_body_is_415_before_it_is_read) {
  running server;
  for (const std::string path : {"/echo", "/relay"}) {
    auto peer = server.connect();
    const auto answer =
        peer.ask(post(path, "Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"));
    BOOST_TEST(status_of(answer) == 415);
    BOOST_TEST(contains(answer, "Accept-Encoding: identity\r\n"));
    BOOST_TEST(status_of(peer.ask(get_hello)) == 200);
    auto waiting = server.connect();
    const auto fields =
        "Content-Encoding: gzip\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n";
    BOOST_TEST(status_of(waiting.ask(post(path, fields, ""))) == 415);
  }
  BOOST_TEST(server.connect()
                 .ask(post("/echo", "Content-Encoding: identity\r\nContent-Length: 1\r\n", "x"))
                 .ends_with("\r\n\r\nx"));
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

BOOST_AUTO_TEST_CASE(only_the_expectation_that_there_is_gets_a_continue) {
  running server;
  for (const std::string expected : {"100-CONTINUE", "100-continued", "100-whatever!", "200-ok"}) {
    auto peer = server.connect();
    peer.send(post("/echo",
                   "Content-Length: 3\r\nConnection: close\r\nExpect: " + expected + "\r\n", ""));
    std::this_thread::sleep_for(20ms);
    peer.send("abc");
    BOOST_TEST(contains(peer.rest(), "100 Continue") == (expected == "100-CONTINUE"), expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http::testing
