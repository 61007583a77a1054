#include "http/addresses/forwarded.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>

namespace headwater::http {
namespace {

std::string entry_read(std::string_view entry) {
  const auto found = read_forwarded(entry);
  return found ? found->to_string() : "none";
}

/// The client of a connection from `peer`, where 10.0.0.0/8 and 2001:db8:10::/48 are trusted.
std::string client_of(const char* peer, std::vector<std::string_view> lines) {
  const network_set trusted({*parse_network("10.0.0.0/8"), *parse_network("2001:db8:10::/48")});
  return client_behind(trusted, boost::asio::ip::make_address(peer), lines).to_string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(forwarded)

BOOST_AUTO_TEST_CASE(an_entry_is_an_address_with_or_without_a_port) {
  BOOST_TEST(entry_read("192.0.2.1") == "192.0.2.1");
  BOOST_TEST(entry_read("192.0.2.1:5678") == "192.0.2.1");
  BOOST_TEST(entry_read("2001:db8::1") == "2001:db8::1");
  BOOST_TEST(entry_read("[2001:db8::1]") == "2001:db8::1");
  BOOST_TEST(entry_read("[2001:db8::1]:443") == "2001:db8::1");
  BOOST_TEST(entry_read("::ffff:192.0.2.1") == "192.0.2.1");
  BOOST_TEST(entry_read("[::ffff:192.0.2.1]:443") == "192.0.2.1");
  BOOST_TEST(entry_read("[0000:0000:0000:0000:0000:ffff:192.168.100.200]:65535") ==
             "192.168.100.200");
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_address) {
  for (const auto* wrong : {"",
                            "unknown",
                            "_hidden",
                            "_SEVKISEK",
                            "192.0.2.1:",
                            "192.0.2.1:x",
                            "192.0.2.1:123456",
                            "192.0.2.1:80:80",
                            "192.0.2",
                            "192.0.2.256",
                            "192.0.2.1/32",
                            "[2001:db8::1",
                            "2001:db8::1]",
                            "[2001:db8::1]443",
                            "[2001:db8::1]:",
                            "[192.0.2.1]",
                            "[]",
                            "[]:80",
                            "[:]",
                            ":80",
                            ":",
                            "fe80::1%eth0",
                            "[fe80::1%1]:80",
                            "\"192.0.2.1\"",
                            "\"[2001:db8::1]:443\"",
                            "for=192.0.2.1",
                            "192.0.2.1 192.0.2.2",
                            "proxy.example",
                            "0x7f000001",
                            "2130706433"})
    BOOST_TEST(entry_read(wrong) == "none", wrong);
  BOOST_TEST(entry_read(std::string(16'384, '1')) == "none");
  BOOST_TEST(entry_read(std::string("192.0.2.1\0", 10)) == "none");
}

BOOST_AUTO_TEST_CASE(the_last_address_that_is_no_trusted_proxy_is_the_client) {
  BOOST_TEST(client_of("10.0.0.1", {"198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(client_of("10.0.0.1", {"1.1.1.1, 198.51.100.7"}) == "198.51.100.7");
  BOOST_TEST(client_of("10.0.0.1", {"1.1.1.1, 198.51.100.7,10.0.0.2 ,  10.0.0.3"}) ==
             "198.51.100.7");
  BOOST_TEST(client_of("2001:db8:10::1", {"2001:db8:99::7, 10.0.0.2"}) == "2001:db8:99::7");
  BOOST_TEST(client_of("::ffff:10.0.0.1", {"198.51.100.7:1234"}) == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(lines_are_one_list) {
  BOOST_TEST(client_of("10.0.0.1", {"1.1.1.1", "198.51.100.7", "10.0.0.2"}) == "198.51.100.7");
  BOOST_TEST(client_of("10.0.0.1", {"1.1.1.1, 198.51.100.7", "10.0.0.2, 10.0.0.3"}) ==
             "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(others_than_trusted_proxies_say_nothing_about_their_address) {
  BOOST_TEST(client_of("203.0.113.5", {"198.51.100.7"}) == "203.0.113.5");
  BOOST_TEST(client_of("2001:db8:11::1", {"198.51.100.7"}) == "2001:db8:11::1");
  // What the client itself has written stands left of its address.
  BOOST_TEST(client_of("10.0.0.1", {"10.0.0.9, 10.0.0.8, 203.0.113.5"}) == "203.0.113.5");
}

BOOST_AUTO_TEST_CASE(without_any_other_address_the_first_proxy_counts) {
  BOOST_TEST(client_of("10.0.0.1", {}) == "10.0.0.1");
  BOOST_TEST(client_of("10.0.0.1", {""}) == "10.0.0.1");
  BOOST_TEST(client_of("10.0.0.1", {"10.0.0.3, 10.0.0.2"}) == "10.0.0.3");
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_no_address_ends_the_reading) {
  BOOST_TEST(client_of("10.0.0.1", {"198.51.100.7, unknown"}) == "10.0.0.1");
  BOOST_TEST(client_of("10.0.0.1", {"198.51.100.7, _hidden, 10.0.0.2"}) == "10.0.0.2");
  BOOST_TEST(client_of("10.0.0.1", {"unknown", "198.51.100.7"}) == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(empty_entries_mean_nothing) {
  BOOST_TEST(client_of("10.0.0.1", {"198.51.100.7,", ", ,", "10.0.0.2, ,"}) == "198.51.100.7");
}

BOOST_AUTO_TEST_CASE(a_long_list_takes_a_time_that_grows_with_its_length_alone) {
  const auto took = [](std::size_t entries, std::string_view entry) {
    std::string line;
    for (std::size_t i = 0; i < entries; ++i)
      line.append(entry);
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i)
      static_cast<void>(client_of("10.0.0.1", {line}));
    return std::chrono::steady_clock::now() - start;
  };
  for (const auto* entry : {"10.1.1.1,", " ,", ","}) {
    static_cast<void>(took(2'000, entry));
    const auto few = took(2'000, entry), many = took(20'000, entry);
    BOOST_TEST((many < 100 * few), entry); // quadratic would be 100
  }
  BOOST_TEST((took(1'800, "10.1.1.1,") < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
