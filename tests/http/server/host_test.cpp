#include "http/server/host.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(names_and_addresses_are_hosts_with_or_without_a_port) {
  for (const auto host : {"a",
                          "localhost",
                          "A.Example",
                          "a.example.",
                          "127.0.0.1",
                          "1.2.3.999",
                          "xn--bcher-kva.example",
                          "a_b",
                          "a~b",
                          "!$&'()*+,;=",
                          "%41",
                          "a%2Fb",
                          "%c3%bc.example",
                          "[::1]",
                          "[::]",
                          "[2001:db8::1]",
                          "[1:2:3:4:5:6:7:8]",
                          "[1:2:3:4:5:6:7::]",
                          "[::ffff:1.2.3.4]",
                          "[ABCD::ef]"})
    for (const std::string port : {"", ":", ":0", ":80", ":65535"})
      BOOST_TEST(is_valid_host(host + port), host + port);
  BOOST_TEST(is_valid_host(std::string(255, 'a')));
}

BOOST_AUTO_TEST_CASE(anything_else_is_none) {
  for (const auto host : {"",
                          ":",
                          ":80",
                          "%",
                          "a%",
                          "a%4",
                          "a%zz",
                          "%4g",
                          "%%41",
                          "a b",
                          "a/b",
                          "u@a",
                          "a?b",
                          "a#b",
                          "a\\b",
                          "a\"b",
                          "<a>",
                          "a|b",
                          "a^b",
                          "a`b",
                          "{a}",
                          "\xc3\xbc",
                          "a:80x",
                          "a:-1",
                          "a:123456",
                          "a:80:80",
                          "::1",
                          "a]",
                          "[",
                          "]",
                          "[]",
                          "[:::]",
                          "[abc]",
                          "[1]",
                          "[1:2]",
                          "[::1",
                          "[::1]]",
                          "[[::1]]",
                          "[::1]a",
                          "[::1]a:80",
                          "[::1]:x",
                          "[1:2:3:4:5:6:7:8:9]",
                          "[12345::]",
                          "[::g]",
                          "[1.2.3.4]",
                          "[::1.2.3]",
                          "[::1.2.3.256]",
                          "[::01.2.3.4]",
                          "[fe80::1%eth0]",
                          "[fe80::1%25eth0]",
                          "[v1.a]",
                          "[ ::1]",
                          "[::1 ]",
                          "x[::1]"})
    BOOST_TEST(!is_valid_host(host), host);
  BOOST_TEST(!is_valid_host(std::string(256, 'a')));
  BOOST_TEST(!is_valid_host({"[::1\0]", 6}));
  BOOST_TEST(!is_valid_host({"a\0b", 3}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
