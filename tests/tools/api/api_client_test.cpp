#include "tests/tools/canned_server.hpp"
#include "tools/api/api_client.hpp"

namespace headwater::tools {
namespace {

using testing::answer;
using testing::canned_server;

result<api_answer> get(const canned_server& from, const transfer_watch& watch = {}) {
  return call_api({"127.0.0.1", from.port(), ""}, {"GET", "/x", {}, ""}, watch);
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_client)

BOOST_AUTO_TEST_CASE(an_address_has_a_host_a_port_and_a_base) {
  struct {
    const char *url, *host, *port, *base;
  } const rows[] = {{"http://127.0.0.1:8080", "127.0.0.1", "8080", ""},
                    {"http://host", "host", "80", ""},
                    {"HTTP://host/", "host", "80", ""},
                    {"http://host:1/behind/proxy//", "host", "1", "/behind/proxy"},
                    {"http://[::1]:8080", "[::1]", "8080", ""},
                    {"http://[::1]", "[::1]", "80", ""}};
  for (const auto& row : rows) {
    const auto got = parse_server_url(row.url);
    BOOST_REQUIRE_MESSAGE(got, row.url);
    BOOST_TEST(got->host == row.host);
    BOOST_TEST(got->port == row.port);
    BOOST_TEST(got->base == row.base);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused_by_name) {
  for (const auto* url :
       {"", "127.0.0.1:8080", "ftp://host", "http://", "http://:80",
        "http://host:", "http://host:x", "http://host:65536", "http://host:999999",
        "http://user@host", "http://host/?a=b", "http://host/#part", "http://ho st"}) {
    const auto got = parse_server_url(url);
    BOOST_TEST(got.has_error(), url);
    BOOST_TEST((got.has_error() && got.error().code == errc::bad_request &&
                got.error().message.starts_with("'" + std::string(url) + "' ")),
               url);
  }
  BOOST_TEST(parse_server_url("https://host").error().message.find("HTTPS") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_query_value_is_encoded_byte_by_byte) {
  BOOST_TEST(encoded("aZ09-._~") == "aZ09-._~");
  BOOST_TEST(encoded("a b&c=d+e/\xC3\xA4%") == "a%20b%26c%3Dd%2Be%2F%C3%A4%25");
  BOOST_TEST(encoded({"\0\xFF", 2}) == "%00%FF");
}

BOOST_AUTO_TEST_CASE(a_request_goes_out_whole_and_its_answer_comes_back) {
  const canned_server server({answer(422, "no", "Retry-After: 7\r\n")});
  const auto got = call_api({"127.0.0.1", server.port(), "/base"},
                            {"POST", "/rules?a=b", {{"Authorization", "Bearer t"}}, "body"}, {});
  BOOST_REQUIRE(got);
  BOOST_TEST(got->status == 422U);
  BOOST_TEST(got->body == "no");
  BOOST_TEST((got->retry_after == std::chrono::seconds{7}));
  const auto sent = server.requests().at(0);
  BOOST_TEST(sent.starts_with("POST /base/rules?a=b HTTP/1.1\r\n"));
  for (const auto* part : {"\r\nAuthorization: Bearer t\r\n", "\r\nContent-Length: 4\r\n",
                           "\r\nConnection: close\r\n", "\r\n\r\nbody"})
    BOOST_TEST(sent.find(part) != sent.npos, part);
  BOOST_TEST(sent.find("\r\nHost: 127.0.0.1:" + server.port() + "\r\n") != sent.npos);
}

BOOST_AUTO_TEST_CASE(a_date_to_come_back_at_is_no_number_of_seconds) {
  const canned_server server({answer(503, "", "Retry-After: Fri, 20 May 2026 10:00:00 GMT\r\n"),
                              answer(503, "", "Retry-After: 7s\r\n"), answer(503, "")});
  for (int i = 0; i < 3; ++i)
    BOOST_TEST(!get(server)->retry_after);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_is_none) {
  const auto whole = answer(200, R"({"data":1})");
  const canned_server server(
      {whole.substr(0, whole.size() - 1), whole.substr(0, 20), "", "SSH-2.0\n"});
  for (int i = 0; i < 4; ++i) {
    const auto got = get(server);
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == errc::io_failed));
    BOOST_TEST(got.error().message.starts_with("127.0.0.1:" + server.port() + ": "));
  }
}

BOOST_AUTO_TEST_CASE(where_nobody_listens_there_is_no_answer) {
  const canned_server server({});
  const auto got = get(server);
  BOOST_REQUIRE(got.has_error());
  BOOST_TEST((got.error().code == errc::io_failed));
}

BOOST_AUTO_TEST_CASE(progress_is_told_in_both_directions) {
  const canned_server server({answer(200, std::string(200'000, 'b'))});
  std::uint64_t sent = 0, to_send = 0, received = 0, to_receive = 0;
  const auto got =
      call_api({"127.0.0.1", server.port(), ""}, {"POST", "/x", {}, std::string(300'000, 'a')},
               {[&](std::uint64_t done, std::uint64_t of) {
                  BOOST_TEST(done >= sent);
                  sent = done;
                  to_send = of;
                },
                [&](std::uint64_t done, std::uint64_t of) {
                  received = done;
                  to_receive = of;
                }});
  BOOST_REQUIRE(got);
  BOOST_TEST(got->body.size() == 200'000U);
  BOOST_TEST(sent == 300'000U);
  BOOST_TEST(to_send == 300'000U);
  BOOST_TEST(received >= 200'000U); // with the header
  BOOST_TEST(to_receive == 200'000U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
