#include "domain/accounts/authorisation.hpp"
#include "domain/accounts/web_origin.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::accounts {

BOOST_AUTO_TEST_SUITE(web_origins)

BOOST_AUTO_TEST_CASE(origins_become_what_browsers_send) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://shop.example", "https://shop.example"},
      {"HTTPS://Shop.Example", "https://shop.example"},
      {"https://shop.example:443", "https://shop.example"},
      {"http://shop.example:80", "http://shop.example"},
      {"http://shop.example:443", "http://shop.example:443"},
      {"http://localhost:3000", "http://localhost:3000"},
      {"http://[::1]:8080", "http://[::1]:8080"},
      {"https://[2001:DB8::1]", "https://[2001:db8::1]"},
      {"chrome-extension://abcdef", "chrome-extension://abcdef"},
      {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example"},
  };
  for (const auto& [given, expected] : cases)
    BOOST_TEST(normal_origin(given).value_or("none") == expected, given);
}

BOOST_AUTO_TEST_CASE(what_is_no_origin_is_refused) {
  for (const std::string text : {"",
                                 "*",
                                 "null",
                                 "shop.example",
                                 "https://",
                                 "https:///",
                                 "https://shop.example/",
                                 "https://shop.example/x",
                                 "https://shop.example?x",
                                 "https://shop.example#x",
                                 "https://user@shop.example",
                                 "https://*.example",
                                 "https://b\u00fccher.example",
                                 "https://a b",
                                 " https://a",
                                 "https://a\n",
                                 "https://a:",
                                 "https://a:0",
                                 "https://a:65536",
                                 "https://a:+1",
                                 "https://a:1:2",
                                 "https://.a",
                                 "https://a..b",
                                 "https://[]",
                                 "https://[::1",
                                 "https://::1",
                                 "://a",
                                 "1http://a",
                                 "ht tp://a"})
    BOOST_TEST(!normal_origin(text).has_value(), text);
  BOOST_TEST(!normal_origin("https://" + std::string(254, 'a')).has_value());
  BOOST_TEST(normal_origin("https://" + std::string(253, 'a')).has_value());
  BOOST_TEST(!normal_origin(std::string(41, 'a') + "://a").has_value());
}

BOOST_AUTO_TEST_CASE(a_tokens_origins_refuse_others_and_nothing_else) {
  api_token token;
  BOOST_TEST(check_origin(token, "https://evil.example").has_value());
  token.allowed_origins = {"https://shop.example"};
  BOOST_TEST(check_origin(token, "https://shop.example").has_value());
  BOOST_TEST(check_origin(token, std::nullopt).has_value());
  for (const auto* other : {"https://evil.example", "http://shop.example", "null", "",
                            "https://shop.example:444", "https://shop.example.evil.example"})
    BOOST_TEST((check_origin(token, other).error().code == errc::forbidden), other);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::accounts
