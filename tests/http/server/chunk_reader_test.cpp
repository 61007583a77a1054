#include "http/server/chunk_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <vector>

namespace headwater::http {

std::ostream& operator<<(std::ostream& out, body_progress of) {
  return out << static_cast<int>(of);
}

namespace {

constexpr chunk_reader::bounds limits{64, 100, 3};

struct outcome {
  body_progress progress;
  std::string body;
  std::string rest; ///< what was not taken
};

/// Feeds the bytes in pieces of `step`, as they would come from a socket.
outcome decode(const std::string& bytes, std::size_t step) {
  chunk_reader reader(limits);
  outcome out;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    out.rest += bytes.substr(at, step);
    out.rest.erase(0, reader.take(out.rest, out.body));
  }
  out.progress = reader.progress();
  return out;
}

/// At every split; the same outcome each time.
void check(const std::string& bytes, body_progress wanted, const std::string& body = {},
           const std::string& rest = {}) {
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    const auto got = decode(bytes, step);
    BOOST_TEST_CONTEXT(bytes << " in pieces of " << step) {
      BOOST_TEST(got.progress == wanted);
      if (wanted == body_progress::complete) {
        BOOST_TEST(got.body == body);
        BOOST_TEST(got.rest == rest);
      }
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(chunks)

BOOST_AUTO_TEST_CASE(chunks_are_decoded_at_every_split) {
  check("0\r\n\r\n", body_progress::complete);
  check("000\r\n\r\n", body_progress::complete);
  check("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", body_progress::complete, "abc0123456789");
  check("0000000000000003\r\n\r\n\n\r\n0\r\n\r\n", body_progress::complete, "\r\n\n");
  check("a\r\n0123456789\r\n", body_progress::incomplete);
}

BOOST_AUTO_TEST_CASE(nothing_behind_the_end_is_taken) {
  const std::string next = "GET / HTTP/1.1\r\n\r\n";
  check("1\r\na\r\n0\r\n\r\n" + next, body_progress::complete, "a", next);
  check("0\r\nX: y\r\n\r\n" + next, body_progress::complete, "", next);
  check("0\r\n\r\n\r\n\r\n", body_progress::complete, "", "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(well_formed_extensions_are_passed_over) {
  for (const std::string extension :
       {";a", ";a=b", " ; a = b\t;c", ";a=\"x;y=\\\"z\\\\\"", ";a=\"\xc3\xbc\t\";b"})
    check("1" + extension + "\r\na\r\n0" + extension + "\r\n\r\n", body_progress::complete, "a");
}

BOOST_AUTO_TEST_CASE(other_size_lines_are_malformed) {
  const std::string pad(100, 'x');
  for (const std::string& line : std::vector<std::string>{"",
                                                          "g",
                                                          "xyz",
                                                          "0x5",
                                                          "-1",
                                                          "+1",
                                                          " 1",
                                                          "1 ",
                                                          "1\t",
                                                          "5 5",
                                                          "1,",
                                                          "1;",
                                                          "1; ",
                                                          "1;;a",
                                                          "1;=b",
                                                          "1;a=",
                                                          "1;a b",
                                                          "1;a=b c",
                                                          "1;a=\"b",
                                                          "1;a=\"b\\\"",
                                                          "1;a=\"b\"c",
                                                          "1;a\x01",
                                                          "1;a=\"\x7f\"",
                                                          "1;" + pad,
                                                          "1\r",
                                                          "1;a\rb",
                                                          "10000000000000000",
                                                          "00000000000000001",
                                                          std::string("1\0", 2)})
    check(line + "\r\na\r\n0\r\n\r\n", body_progress::malformed);
  check("1\na\n0\n\n", body_progress::malformed);
  check("1;a\na\r\n0\r\n\r\n", body_progress::malformed);
}

BOOST_AUTO_TEST_CASE(a_size_line_that_cannot_become_one_is_malformed_at_once) {
  const std::string pad(70, 'x');
  for (const auto& begun : {std::string("g"), std::string("0x"), std::string("1z"), "1;" + pad,
                            std::string(17, '0'), std::string("1\rx"), std::string("\r")})
    check(begun, body_progress::malformed);
}

BOOST_AUTO_TEST_CASE(data_end_where_their_size_says) {
  for (const std::string bytes : {"3\r\nabcd\r\n0\r\n\r\n", "3\r\nabc0\r\n", "3\r\nabc\n0\r\n\r\n",
                                  "3\r\nabc\rX", "2\r\nabc\r\n0\r\n\r\n"})
    check(bytes, body_progress::malformed);
  check("3\r\nab\r\n0\r\n\r\n", body_progress::malformed);
}

BOOST_AUTO_TEST_CASE(trailers_are_dropped_whatever_they_say) {
  for (const std::string trailers :
       {"X: y\r\n", "X:\r\n", "a: 1\r\nb: 2\r\nc: 3\r\n", "Transfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\n", "Content-Length: x\r\nContent-Length: y\r\n", "Host: a b\r\n",
        "Connection: close\r\n", "X: \xc3\xbc\t\r\n"})
    check("1\r\na\r\n0\r\n" + trailers + "\r\n", body_progress::complete, "a");
}

BOOST_AUTO_TEST_CASE(trailers_are_formed_like_header_fields) {
  for (const std::string& trailers : std::vector<std::string>{
           " X: y\r\n", "X: y\r\n folded\r\n", "X: y\r\n\tfolded\r\n", "nonsense\r\n", ": y\r\n",
           "X : y\r\n", "X\t: y\r\n", "X: y\n", "\n", "X: y\rz\r\n", "X: \x01\r\n", "X\x7f: y\r\n",
           std::string("X: \0\r\n", 6), "GET / HTTP/1.1\r\nHost: a\r\n"})
    check("0\r\n" + trailers + "\r\n", body_progress::malformed);
}

BOOST_AUTO_TEST_CASE(trailers_have_the_bounds_of_a_header) {
  // With "X: ", two line ends and the blank line.
  const auto fitting = std::string(limits.trailers - 7, 'y');
  check("0\r\nX: " + fitting + "\r\n\r\n", body_progress::complete);
  check("0\r\nX: " + fitting + "y\r\n\r\n", body_progress::trailers_too_large);
  check("0\r\nX: " + fitting + "yyyyyyyy", body_progress::trailers_too_large);
  std::string many;
  for (std::size_t i = 0; i <= limits.trailer_fields; ++i)
    many += "a:\r\n";
  check("0\r\n" + many + "\r\n", body_progress::trailers_too_large);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
