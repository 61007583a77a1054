#include "http/server/proxy_header.hpp"
#include "tests/domain/core/random_source.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace headwater::http {
namespace {

using namespace std::string_literals;

const std::string signature_bytes = "\r\n\r\n\0\r\nQUIT\n"s;

/// A header with version and command, family and transport, and what its length counts.
std::string proxy_bytes(int version_command, int family, const std::string& rest) {
  return signature_bytes + static_cast<char>(version_command) + static_cast<char>(family) +
         static_cast<char>(rest.size() >> 8U) + static_cast<char>(rest.size() & 0xffU) + rest;
}

/// The connection of the specification's examples: 192.168.0.1:56324 to 192.168.0.11:443.
const std::string v4_addresses = "\xc0\xa8\x00\x01\xc0\xa8\x00\x0b\xdc\x04\x01\xbb"s;
const std::string v6_addresses =
    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\xdc\x04\x01\xbb"s;
const std::string some_tlvs = "\x01\x00\x02h2\x20\x00\x05\x01\x00\x00\x00\x00\x04\x00\x00"s;

/// The address that a complete header tells, "none", or why it is refused.
std::string told_by(const std::string& bytes) {
  const auto scan = scan_proxy_header(bytes);
  if (!scan)
    return scan.error().message;
  BOOST_TEST(scan->missing == 0U);
  return scan->header.source ? scan->header.source->to_string() : "none";
}

/// Two ends of one connection, with which the server's end is read.
struct proxied_connection {
  proxied_connection() : from_proxy(context) {
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
    client.connect(acceptor.local_endpoint());
    acceptor.accept(from_proxy);
  }

  /// Reads a header while `send` does its part.
  template <class Send>
  result<proxy_header> read(Send send) {
    result<proxy_header> out = error{errc::internal_error, "did not end"};
    asio::co_spawn(
        context,
        [](proxied_connection& on, result<proxy_header>& into) -> awaitable<void> {
          into = co_await read_proxy_header(on.from_proxy);
        }(*this, out),
        asio::detached);
    send();
    context.restart();
    context.run();
    return out;
  }

  std::string rest() {
    std::string out(100, '\0');
    out.resize(from_proxy.read_some(asio::buffer(out)));
    return out;
  }

  asio::io_context context;
  asio::ip::tcp::socket client{context};
  socket from_proxy;
};

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_headers)

BOOST_AUTO_TEST_CASE(a_header_tells_the_source_of_a_tcp_connection) {
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x11, v4_addresses)) == "192.168.0.1");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x21, v6_addresses)) == "2001:db8::7");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x11, v4_addresses + some_tlvs)) == "192.168.0.1");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x21, v6_addresses + some_tlvs)) == "2001:db8::7");
}

BOOST_AUTO_TEST_CASE(local_connections_and_other_families_tell_none) {
  BOOST_TEST(told_by(proxy_bytes(0x20, 0x00, "")) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x20, 0x11, v4_addresses)) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x20, 0xff, "xyz")) == "none"); // LOCAL: the rest is ignored
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x00, "")) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x00, some_tlvs)) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x12, v4_addresses)) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x22, v6_addresses)) == "none");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x31, std::string(216, '/'))) == "none");
}

BOOST_AUTO_TEST_CASE(what_the_specification_does_not_know_is_refused) {
  for (const int unknown : {0x01, 0x11, 0x31, 0xf1, 0x22, 0x2f})
    BOOST_TEST(told_by(proxy_bytes(unknown, 0x11, v4_addresses)) ==
               "a PROXY header of an unknown version or command");
  for (const int unknown : {0x41, 0xf1, 0x13, 0x1f, 0x23})
    BOOST_TEST(told_by(proxy_bytes(0x21, unknown, v6_addresses)) ==
               "a PROXY header with an unknown address family or transport");
  const auto short_v4 = proxy_bytes(0x21, 0x11, v4_addresses.substr(1));
  BOOST_TEST(told_by(short_v4) == "a PROXY header that is too short for its addresses");
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x21, v4_addresses)) ==
             "a PROXY header that is too short for its addresses");
}

BOOST_AUTO_TEST_CASE(the_length_is_bounded) {
  const std::string longest(longest_proxy_header - 16 - v4_addresses.size(), 'x');
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x11, v4_addresses + longest)) == "192.168.0.1");
  // Refused by its announcement: nothing of it is waited for.
  BOOST_TEST(told_by(proxy_bytes(0x21, 0x11, v4_addresses + longest + "x").substr(0, 16)) ==
             "a PROXY header of more than 4096 bytes");
  BOOST_TEST(told_by(signature_bytes + "\x20\x00\xff\xff"s) ==
             "a PROXY header of more than 4096 bytes");
}

BOOST_AUTO_TEST_CASE(version_1_is_named) {
  const auto line = "PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n"s;
  for (const auto& text : {line, "PROXY UNKNOWN\r\n"s, line.substr(0, 6)})
    BOOST_TEST(told_by(text).starts_with("version 1 of the PROXY protocol"), text);
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_header) {
  for (const auto& text : {"GET / HTTP/1.1\r\n"s, "POST / HTTP/1.1"s, "PUT"s, "\x16\x03\x01\x02"s,
                           "\r\n\r\nGET / HT"s, "\0"s, "\r\n\r\n\0\r\nQUIT\r"s, "proxy "s})
    BOOST_TEST(told_by(text) == "no PROXY header", text);
}

BOOST_AUTO_TEST_CASE(at_every_cut_no_more_is_asked_for_than_belongs_to_the_header) {
  for (const auto& whole :
       {proxy_bytes(0x21, 0x11, v4_addresses), proxy_bytes(0x21, 0x21, v6_addresses + some_tlvs),
        proxy_bytes(0x20, 0x00, "")}) {
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      const auto scan = scan_proxy_header(whole.substr(0, cut));
      BOOST_REQUIRE(scan.has_value());
      BOOST_TEST(scan->missing == (cut < 16 ? 16 : whole.size()) - cut);
      BOOST_TEST(!scan->header.source);
    }
  }
}

BOOST_AUTO_TEST_CASE(any_bytes_are_taken_or_refused) {
  const auto seed = attribution::test::setting("HEADWATER_SEED", std::random_device{}());
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  attribution::test::random_source random(seed);
  for (int i = 0; i < 100'000; ++i) {
    auto bytes = proxy_bytes(0x21, random.once_in(2) ? 0x11 : 0x21, v6_addresses);
    for (int changes = 0; changes < 3; ++changes)
      bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
    bytes.resize(random.below(bytes.size() + 1));
    const auto scan = scan_proxy_header(bytes);
    if (scan)
      BOOST_REQUIRE(bytes.size() + scan->missing <= std::max(longest_proxy_header, bytes.size()));
  }
}

BOOST_AUTO_TEST_CASE(what_follows_the_header_stays_in_the_socket) {
  const auto header = proxy_bytes(0x21, 0x11, v4_addresses + some_tlvs);
  proxied_connection at_once;
  const auto got =
      at_once.read([&] { asio::write(at_once.client, asio::buffer(header + "GET /")); });
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->source->to_string() == "192.168.0.1");
  BOOST_TEST(at_once.rest() == "GET /");
}

BOOST_AUTO_TEST_CASE(a_header_may_come_byte_by_byte) {
  const auto header = proxy_bytes(0x21, 0x21, v6_addresses);
  proxied_connection slow;
  slow.client.set_option(asio::ip::tcp::no_delay(true));
  const auto got = slow.read([&] {
    for (const char each : header + "G") {
      asio::write(slow.client, asio::buffer(&each, 1));
      slow.context.restart();
      slow.context.run_for(std::chrono::milliseconds(2));
    }
  });
  BOOST_REQUIRE(got.has_value());
  BOOST_TEST(got->source->to_string() == "2001:db8::7");
  BOOST_TEST(slow.rest() == "G");
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_within_its_header_is_an_error) {
  const auto header = proxy_bytes(0x21, 0x11, v4_addresses);
  for (std::size_t cut = 0; cut < header.size(); ++cut) {
    proxied_connection broken;
    const auto got = broken.read([&] {
      asio::write(broken.client, asio::buffer(header.substr(0, cut)));
      broken.client.close();
    });
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == errc::io_failed));
    BOOST_TEST(got.error().message.empty() == (cut == 0));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
