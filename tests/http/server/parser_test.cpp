// Bodies; heads are in framing_test.cpp, chunks in chunk_reader_test.cpp.

#include "http/server/parser.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

struct parsing {
  explicit parsing(const std::string& fields)
      : one(head, arena, body, {1024, 1024, 10}),
        bytes("POST /a?b HTTP/1.1\r\n" + fields + "\r\n") {
    BOOST_REQUIRE(one.parse_head(bytes));
  }

  request_head head;
  std::string arena, body;
  parser one;
  std::string bytes;
};

} // namespace

BOOST_AUTO_TEST_SUITE(parsers)

BOOST_AUTO_TEST_CASE(a_body_with_a_length_ends_there_however_it_comes) {
  for (const std::size_t step : {1U, 3U, 100U}) {
    parsing of("Host: a\r\nContent-Length: 5\r\n");
    BOOST_TEST((of.one.progress() == body_progress::incomplete));
    const std::string_view sent = "12345GET /";
    std::size_t at = 0;
    while (of.one.progress() == body_progress::incomplete)
      at += of.one.parse_body(sent.substr(at, step));
    BOOST_TEST(at == 5U);
    BOOST_TEST(of.body == "12345");
    BOOST_TEST(of.one.parse_body(sent.substr(at)) == 0U);
  }
}

BOOST_AUTO_TEST_CASE(without_a_length_there_is_no_body) {
  for (const auto* fields : {"Host: a\r\n", "Host: a\r\nContent-Length: 0\r\n"}) {
    parsing of(fields);
    BOOST_TEST((of.one.progress() == body_progress::complete));
    BOOST_TEST(of.one.parse_body("GET /") == 0U);
    BOOST_TEST(of.body == "");
  }
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_decoded) {
  parsing of("Host: a\r\nTransfer-Encoding: chunked\r\n");
  BOOST_TEST(of.head.chunked);
  BOOST_TEST(!of.head.content_length.has_value());
  const std::string_view sent = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET /";
  std::size_t at = 0;
  while (of.one.progress() == body_progress::incomplete)
    at += of.one.parse_body(sent.substr(at));
  BOOST_TEST((of.one.progress() == body_progress::complete));
  BOOST_TEST(of.body == "abcde");
  BOOST_TEST(sent.substr(at) == "GET /");
}

BOOST_AUTO_TEST_CASE(a_head_that_is_not_whole_is_none) {
  request_head head;
  std::string arena, body;
  for (const std::string_view bytes :
       {"", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n", "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\nHost a\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"}) {
    parser one(head, arena, body, {1024, 1024, 10});
    BOOST_TEST(!one.parse_head(bytes), bytes);
  }
}

BOOST_AUTO_TEST_CASE(methods_that_are_none_of_ours_are_other) {
  struct {
    const char* line;
    method verb;
  } const rows[] = {{"DELETE", method::delete_}, {"PATCH", method::patch},
                    {"PROPFIND", method::other}, {"BREW", method::other},
                    {"TRACE", method::trace},    {"get", method::other}};
  for (const auto& row : rows) {
    request_head head;
    std::string arena, body;
    parser one(head, arena, body, {1024, 1024, 10});
    BOOST_REQUIRE(one.parse_head(std::string(row.line) + " / HTTP/1.1\r\nHost: a\r\n\r\n"));
    BOOST_TEST((head.verb == row.verb), row.line);
    BOOST_TEST(head.target == "/");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
