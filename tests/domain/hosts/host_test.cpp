#include "domain/hosts/host.hpp"

#include <boost/test/unit_test.hpp>
#include <libpsl.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

using namespace headwater::attribution;

namespace {

std::string referrer_host(std::string_view referrer) {
  const auto found = host_of_referrer(referrer);
  return found ? found->name : "none";
}

std::string url_host(std::string_view url) {
  const auto found = host_of_url(url);
  return found ? found->name : "none";
}

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("HEADWATER_SEED");
  const auto seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "hosts: HEADWATER_SEED=" << seed << '\n';
  return seed;
}

bool same(std::string_view left, std::string_view right) {
  return same_site(host_of_referrer(left).value(), host_of_referrer(right).value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(the_host_of_a_referrer_is_found_in_every_shape) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://www.example.com/path?q=1#f", "www.example.com"},
      {"HTTPS://WWW.Example.COM", "www.example.com"},
      {"http://example.com:8080/", "example.com"},
      {"http://example.com:/", "example.com"},
      {"http://user:pa%40ss@example.com/", "example.com"},
      {"http://a@b@example.com/", "example.com"},
      {"http://example.com./", "example.com"},
      {"http://example.com.:443/x", "example.com"},
      {"http://example.com?x=https://other.test/", "example.com"},
      {"http://example.com#@other.test", "example.com"},
      {"http://example.com\\@other.test", "example.com"},
      {"example.com", "example.com"},
      {"example.com/path", "example.com"},
      {"example.com:8080/path", "example.com"},
      {"//example.com/path", "example.com"},
      {"  https://example.com/  ", "example.com"},
      {"https://t.co/AbC", "t.co"},
      {"t.co", "t.co"},
      {"localhost", "localhost"},
      {"http://localhost:3000/", "localhost"},
      {"perplexity", "perplexity"},
      {"http://my_host.example.com/", "my_host.example.com"},
      {"http://ex%41mple.com/", "example.com"},
      {"https://b\xC3\xBC"
       "cher.example/",
       "xn--bcher-kva.example"},
      {"https://B\xC3\x9C"
       "CHER.example/",
       "xn--bcher-kva.example"},
      {"https://xn--bcher-kva.example/", "xn--bcher-kva.example"},
      {"https://fa\xC3\x9F.example/", "xn--fa-hia.example"},
      {"https://example\xE3\x80\x82"
       "com/",
       "example.com"},
      {"http://192.0.2.7:8080/", "192.0.2.7"},
      {"http://[2001:DB8::1]:8080/", "[2001:db8::1]"},
      {"http://[2001:db8:0:0::1]/", "[2001:db8::1]"},
      {"android-app://com.google.android.gm/", "com.google.android.gm"},
      {"android-app://com.Slack", "com.slack"},
      {"android-app://com.google.android.googlequicksearchbox/https/www.google.com",
       "com.google.android.googlequicksearchbox"},
      {"ftp://files.example.com/a", "files.example.com"},
  };
  for (const auto& [referrer, expected] : cases)
    BOOST_TEST(referrer_host(referrer) == expected, referrer << ": " << referrer_host(referrer));
}

BOOST_AUTO_TEST_CASE(what_names_no_site_is_no_referrer) {
  for (std::string_view referrer : {"",
                                    "   ",
                                    "null",
                                    "NULL",
                                    "about:blank",
                                    "about:client",
                                    "about://x",
                                    "data:text/html,x",
                                    "javascript:void(0)",
                                    "mailto:someone@example.com",
                                    "blob:https://example.com/1",
                                    "file:///C:/x.html",
                                    "https://",
                                    "https:///path",
                                    "http://:80/",
                                    "/path",
                                    "?q",
                                    "#f",
                                    "http://exa mple.com/",
                                    "http://a..b/",
                                    "http://.example.com/",
                                    "http://example.com:80x/",
                                    "http://1.2.3/",
                                    "http://256.1.1.1/",
                                    "http://[::1/",
                                    "http://[nonsense]/",
                                    "http://[::1]x/",
                                    "http://exa<mple.com/",
                                    "(not set)",
                                    "android-app://",
                                    "::1",
                                    "http:example.com",
                                    "http://example.com../"})
    BOOST_TEST(referrer_host(referrer) == "none", referrer << ": " << referrer_host(referrer));
  BOOST_TEST(referrer_host("http://" + std::string(64, 'a') + ".com/") == "none");
  std::string longest;
  for (int i = 0; i < 64; ++i)
    longest += "abc.";
  BOOST_TEST(referrer_host("http://" + longest + "com/") == "none");
  BOOST_TEST(referrer_host(std::string("http://a\0b.com/", 15)) == "none");
  BOOST_TEST(referrer_host("http://%FF.com/") == "none");
}

BOOST_AUTO_TEST_CASE(kinds_of_hosts_are_told_apart) {
  BOOST_TEST((host_of_referrer("http://192.0.2.7/")->kind == host_kind::ip_address));
  BOOST_TEST((host_of_referrer("http://[::1]/")->kind == host_kind::ip_address));
  BOOST_TEST((host_of_referrer("http://example.com/")->kind == host_kind::domain));
  BOOST_TEST((host_of_referrer("android-app://a.b")->kind == host_kind::android_app));
}

BOOST_AUTO_TEST_CASE(a_usable_url_is_a_web_address_with_a_host) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"https://www.acme.com/page?x=1", "www.acme.com"},
      {"HTTP://ACME.com", "acme.com"},
      {"//acme.com/page", "acme.com"},
      {"acme.com/page", "acme.com"},
      {"www.acme.co.uk", "www.acme.co.uk"},
      {"localhost:3000/x", "localhost"},
      {"127.0.0.1:3000/x", "127.0.0.1"},
      {"http://intranet/page", "intranet"},
      {"", "none"},
      {"/page", "none"},
      {"page.html", "none"},
      {"page", "none"},
      {"?utm_source=x", "none"},
      {"ftp://acme.com/", "none"},
      {"myapp://open", "none"},
      {"android-app://com.acme", "none"},
      {"javascript:alert(1)", "none"},
      {"about:blank", "none"},
      {"mailto:a@acme.com", "none"},
      {"https://", "none"},
      {"https://acme .com/", "none"},
  };
  for (const auto& [url, expected] : cases)
    BOOST_TEST(url_host(url) == expected, url << ": " << url_host(url));
}

BOOST_AUTO_TEST_CASE(a_site_is_a_registrable_domain) {
  BOOST_TEST(same("https://www.acme.com/", "https://shop.acme.com/"));
  BOOST_TEST(same("acme.com", "acme.com"));
  BOOST_TEST(same("a.acme.co.uk", "b.acme.co.uk"));
  BOOST_TEST(!same("acme.co.uk", "other.co.uk"));
  BOOST_TEST(!same("acme.com", "acme.org"));
  BOOST_TEST(!same("notacme.com", "acme.com"));
  BOOST_TEST(!same("acme.com.evil.test", "acme.com"));
  // Names below a private suffix belong to different people.
  BOOST_TEST(!same("one.github.io", "two.github.io"));
  BOOST_TEST(same("www.one.github.io", "one.github.io"));
  BOOST_TEST(same("b\xC3\xBC"
                  "cher.example",
                  "www.xn--bcher-kva.example"));
}

BOOST_AUTO_TEST_CASE(hosts_without_a_registrable_domain_are_only_themselves) {
  BOOST_TEST(same("http://192.0.2.7:80/", "http://192.0.2.7:81/"));
  BOOST_TEST(!same("http://192.0.2.7/", "http://192.0.2.8/"));
  BOOST_TEST(same("localhost:1", "localhost:2"));
  BOOST_TEST(!same("localhost", "intranet"));
  BOOST_TEST(same("http://[::1]/", "http://[0:0::1]:80/"));
  BOOST_TEST(!same("com", "acme.com"));
}

BOOST_AUTO_TEST_CASE(a_user_in_front_of_a_host_changes_nothing) {
  // A plain host is read a short way and one behind userinfo the long way.
  const auto seed = seed_of_this_run();
  std::mt19937_64 random(seed);
  const std::string_view bytes = "abcXYZ0189-_...:@%/?#\\[]\xC3\xA9 ";
  for (int round = 0; round < 20'000; ++round) {
    std::string name;
    for (auto count = random() % 12; count > 0; --count)
      name += bytes[random() % (random() % 2 ? 15 : bytes.size())];
    if (random() % 50 == 0)
      name += std::string(random() % 70, 'a') + ".b";
    if (random() % 50 == 0)
      for (auto count = random() % 140; count > 0; --count)
        name += ".a";
    const auto end = std::string("/") + static_cast<char>('a' + random() % 26);
    BOOST_REQUIRE_MESSAGE(referrer_host("http://" + name + end) ==
                              referrer_host("http://u@" + name + end),
                          "HEADWATER_SEED=" << seed << ": " << name);
  }
}

BOOST_AUTO_TEST_CASE(a_site_is_what_the_public_suffix_list_says) {
  const auto seed = seed_of_this_run();
  std::mt19937_64 random(seed);
  const std::vector<std::string> ends{"com",
                                      "co.uk",
                                      "uk",
                                      "github.io",
                                      "ck",
                                      "www.ck",
                                      "kawasaki.jp",
                                      "city.kawasaki.jp",
                                      "io",
                                      "de",
                                      "s3.amazonaws.com",
                                      "amazonaws.com",
                                      "test",
                                      "localhost"};
  const auto name = [&] {
    std::string text;
    for (auto count = random() % 4; count > 0; --count)
      text += std::string(1, static_cast<char>('a' + random() % 2)) + ".";
    return text + ends[random() % ends.size()];
  };
  for (int round = 0; round < 20'000; ++round) {
    const host left{name(), host_kind::domain}, right{name(), host_kind::domain};
    const char* ours = psl_registrable_domain(psl_builtin(), left.name.c_str());
    const char* theirs = psl_registrable_domain(psl_builtin(), right.name.c_str());
    const bool expected =
        left.name == right.name || (ours && theirs && std::string(ours) == theirs);
    BOOST_REQUIRE_MESSAGE(same_site(left, right) == expected,
                          "HEADWATER_SEED=" << seed << ": " << left.name << ' ' << right.name);
  }
}

BOOST_AUTO_TEST_CASE(an_app_is_never_the_site) {
  BOOST_TEST(!same("android-app://acme.com", "https://acme.com/"));
  BOOST_TEST(!same("android-app://acme.com", "android-app://acme.com"));
}

BOOST_AUTO_TEST_SUITE_END()
