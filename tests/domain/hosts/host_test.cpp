#include "domain/hosts/host.hpp"
#include "domain/hosts/public_suffixes.hpp"

#include <boost/test/unit_test.hpp>

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
  const auto found = host_of_url(url, *public_suffixes::shipped());
  return found ? found->name : "none";
}

std::uint64_t seed_of_this_run() {
  const char* given = std::getenv("HEADWATER_SEED");
  const auto seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "hosts: HEADWATER_SEED=" << seed << '\n';
  return seed;
}

bool same(std::string_view left, std::string_view right) {
  return same_site(host_of_referrer(left).value(), host_of_referrer(right).value(),
                   *public_suffixes::shipped());
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
      {"ios-app://544007664/vnd.youtube/watch", "544007664"},
      {"ios-app://com.google.Gmail", "com.google.gmail"},
      // Slashes as browsers read them.
      {"https:/example.com/x", "example.com"},
      {"https:///example.com/x", "example.com"},
      {"https:////example.com", "example.com"},
      {"https:\\\\example.com\\x", "example.com"},
      {"https:\\/example.com", "example.com"},
      {"https:/\\/\\example.com", "example.com"},
      {"HTTP:example.com/x", "example.com"},
      {"https:///path", "path"},
      {"///example.com/x", "example.com"},
      {"\\\\example.com/x", "example.com"},
      {"/\\example.com/x", "example.com"},
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
                                    "http://:80/",
                                    "undefined",
                                    "-",
                                    "none",
                                    "N/A",
                                    "false",
                                    "perplexity",
                                    "intranet/page",
                                    "chrome-extension://abcdefghijklmnop/popup.html",
                                    "moz-extension://3f2c/x.html",
                                    "edge://newtab/",
                                    "market://details?id=com.example",
                                    "fb://profile/1",
                                    "capacitor://localhost",
                                    "capacitor://example.com",
                                    "ftp://files.example.com/a",
                                    "ws://example.com/",
                                    "https:",
                                    "https:\\\\",
                                    "//",
                                    "\\path",
                                    "ios-app://",
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
  BOOST_TEST((host_of_referrer("ios-app://123")->kind == host_kind::ios_app));
}

BOOST_AUTO_TEST_CASE(what_is_no_referrer_has_a_reason) {
  const std::pair<std::string_view, no_host> cases[] = {
      {" ", no_host::blank},
      {"Null", no_host::null_text},
      {"about:srcdoc", no_host::about_page},
      {"mailto:a@b.com", no_host::no_site},
      {"chrome-extension://abc/", no_host::other_scheme},
      {"fb://profile/1", no_host::other_scheme},
      {"undefined", no_host::bare_word},
      {"-", no_host::bare_word},
      {"N/A", no_host::bare_word},
      {"(not set)", no_host::bare_word},
      {"https://exa mple.com/", no_host::unreadable},
      {"https://", no_host::unreadable},
      {"1.2.3", no_host::unreadable},
  };
  for (const auto& [referrer, why] : cases)
    BOOST_TEST((why_no_host(referrer) == why), referrer);
}

BOOST_AUTO_TEST_CASE(a_host_of_megabytes_is_refused_at_once) {
  std::string large;
  while (large.size() < 4'000'000)
    large += "\xC3\xBC.";
  BOOST_TEST(referrer_host("https://" + large + "com/") == "none");
  BOOST_TEST(referrer_host(large) == "none");
  std::string escaped;
  while (escaped.size() < 4'000'000)
    escaped += "%C3%BC.";
  BOOST_TEST(referrer_host("https://" + escaped + "com/") == "none");
  BOOST_TEST(referrer_host("https://" + large + "@example.com/") == "example.com");
  BOOST_TEST(!to_ascii_domain(large));
  // Those that a name can have are read.
  std::string long_name;
  for (int i = 0; i < 30; ++i)
    long_name += "\xC3\xBC.";
  BOOST_TEST(referrer_host("https://" + long_name + "com/").ends_with("com"));
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
  BOOST_TEST(!same("localhost", "http://intranet/"));
  BOOST_TEST(same("http://[::1]/", "http://[0:0::1]:80/"));
  BOOST_TEST(!same("http://com/", "acme.com"));
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
    // Slashes are skipped before an authority, and not within one.
    if (name.empty() || name[0] == '/' || name[0] == '\\')
      continue;
    const auto end = std::string("/") + static_cast<char>('a' + random() % 26);
    BOOST_REQUIRE_MESSAGE(referrer_host("http://" + name + end) ==
                              referrer_host("http://u@" + name + end),
                          "HEADWATER_SEED=" << seed << ": " << name);
  }
}

BOOST_AUTO_TEST_CASE(an_app_is_never_the_site) {
  BOOST_TEST(!same("android-app://acme.com", "https://acme.com/"));
  BOOST_TEST(!same("android-app://acme.com", "android-app://acme.com"));
  BOOST_TEST(!same("ios-app://acme.com", "ios-app://acme.com"));
}

BOOST_AUTO_TEST_SUITE_END()
