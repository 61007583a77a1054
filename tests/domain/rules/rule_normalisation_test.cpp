#include "account.hpp"
#include "domain/core/text.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::account;
using test::faults_of;

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

/// The stored domain, or the type of the fault.
std::string stored_domain(std::string_view sent) {
  account one;
  const auto made = one.add_passthrough(R"({"domain":)" + quoted(sent) + R"(,"utm_source":"s"})");
  return made ? one.passthrough(1).domain : faults_of(made.error()).front();
}

std::string stored_pattern(std::string_view type, std::string_view sent) {
  account one;
  const auto made = one.add_mapping(R"({"referrer_pattern":)" + quoted(sent) + R"(,"match_type":)" +
                                    quoted(type) + R"(,"utm_source":"s"})");
  return made ? one.mapping(1).referrer_pattern : faults_of(made.error()).front();
}

std::string of_length(std::size_t size) { // labels of 50 letters
  std::string name;
  while (name.size() < size)
    name += std::string(50, 'a') + ".";
  name.resize(size);
  name.back() = 'b';
  return name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_normalisation)

BOOST_AUTO_TEST_CASE(stored_exact_pattern_is_stored_unchanged_when_it_is_sent_again) {
  for (const std::string_view sent : {"a.example:80.", "https:./w",
                                      "a.example\xEF\xBC\x9A"
                                      "80",
                                      "a.example\xEF\xBC\x8F"
                                      "b",
                                      "a.example..:80.:."}) {
    const auto once = stored_pattern("exact", sent);
    BOOST_TEST(stored_pattern("exact", once) == once, sent);
    BOOST_TEST(once.find_first_of(":/") == once.npos, sent);
  }
  BOOST_TEST(stored_pattern("exact", "a.example:80.") == "a.example");
}

BOOST_AUTO_TEST_CASE(domains_are_stored_bare_lowercase_and_in_ascii) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"booking.mirai.com", "booking.mirai.com"},
      {"https://Booking.Mirai.COM/", "booking.mirai.com"},
      {"HTTP://booking.mirai.com", "booking.mirai.com"},
      {"www.booking.com", "www.booking.com"},
      {"b\xC3\xBC"
       "cher.example",
       "xn--bcher-kva.example"},
      {"B\xC3\x9C"
       "CHER.EXAMPLE/",
       "xn--bcher-kva.example"},
      {"xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"1and1.com", "1and1.com"},
      {" \tmirai.com\n", "mirai.com"},
      {" https://mirai.com/ ", "mirai.com"},
      {"a-b.c-d.example", "a-b.c-d.example"},
      {"3.14.example", "3.14.example"},
  };
  for (const auto& [sent, stored] : cases)
    BOOST_TEST(stored_domain(sent) == stored, sent << " became " << stored_domain(sent));
}

BOOST_AUTO_TEST_CASE(what_is_no_domain_is_a_fault_of_that_field) {
  for (std::string_view sent : {"localhost",
                                "booking",
                                "booking.mirai.com:443",
                                "booking.mirai.com/path",
                                "booking.mirai.com//",
                                "*.mirai.com",
                                "192.0.2.7",
                                "[::1]",
                                "http://192.0.2.7/",
                                "a..b",
                                ".mirai.com",
                                "mirai.com.",
                                "-a.com",
                                "a-.com",
                                "a_b.com",
                                "mirai.123",
                                "a b.com",
                                "user@mirai.com",
                                "http://http://mirai.com",
                                "mirai.com?x",
                                "mirai.com#x",
                                "a,b.com",
                                "://mirai.com"})
    BOOST_TEST(stored_domain(sent) == "body.domain: value_error",
               sent << " became " << stored_domain(sent));
  BOOST_TEST(stored_domain(std::string(64, 'a') + ".com") == "body.domain: value_error");
  BOOST_TEST(stored_domain(std::string("a\0.com", 6)) == "body.domain: value_error");
}

BOOST_AUTO_TEST_CASE(a_domains_length_counts_after_normalising) {
  BOOST_TEST(stored_domain("") == "body.domain: string_too_short");
  BOOST_TEST(stored_domain("https://") == "body.domain: string_too_short");
  BOOST_TEST(stored_domain("https://" + of_length(253) + "/") == of_length(253));
  BOOST_TEST(stored_domain(of_length(254)) == "body.domain: value_error");
  BOOST_TEST(stored_domain(of_length(256)) == "body.domain: string_too_long");
}

BOOST_AUTO_TEST_CASE(patterns_are_stored_without_what_a_host_does_not_have) {
  for (std::string_view type : {"exact", "contains", "starts_with", "ends_with"}) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"partner-site.com", "partner-site.com"},
        {"https://Partner-Site.com/path?q=1#f", "partner-site.com"},
        {"HTTP://partner-site.com:8080", "partner-site.com"},
        {"//partner-site.com/x", "partner-site.com"},
        {"partner-site.com?x", "partner-site.com"},
        {"partner-site.com#x", "partner-site.com"},
        {"www.partner-site.com", "www.partner-site.com"},
        {"android-app://com.Slack", "com.slack"},
        {".com", ".com"},
        {"[2001:db8::1]:80", "[2001:db8::1]"},
        {"[2001:db8::1]", "[2001:db8::1]"},
        {"https://", "body.referrer_pattern: string_too_short"},
        {"/path", "body.referrer_pattern: string_too_short"},
        {"", "body.referrer_pattern: string_too_short"},
        {"a\tb", "body.referrer_pattern: value_error"},
        {" \tpartner-site.com\r\n", "partner-site.com"},
        {"https:// partner-site.com /x", "partner-site.com"},
        {" ", "body.referrer_pattern: string_too_short"},
    };
    for (const auto& [sent, stored] : cases)
      BOOST_TEST(stored_pattern(type, sent) == stored,
                 type << " " << sent << " became " << stored_pattern(type, sent));
    BOOST_TEST(stored_pattern(type, std::string(256, 'a')) ==
               "body.referrer_pattern: string_too_long");
    BOOST_TEST(stored_pattern(type, "http://" + std::string(255, 'a') + "/x") ==
               std::string(255, 'a'));
  }
}

BOOST_AUTO_TEST_CASE(international_patterns_are_for_exact_only) {
  constexpr std::string_view name = "B\xC3\xBC"
                                    "cher.example";
  BOOST_TEST(stored_pattern("exact", name) == "xn--bcher-kva.example");
  for (std::string_view type : {"contains", "starts_with", "ends_with"})
    BOOST_TEST(stored_pattern(type, name) == "body.referrer_pattern: value_error");
  account one;
  const auto made = one.add_mapping(R"({"referrer_pattern":"b\u00fccher","match_type":"contains",
      "utm_source":"s"})");
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().faults.front().message.find("punycode") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_exact_pattern_drops_the_trailing_dot_as_hosts_do) {
  BOOST_TEST(stored_pattern("exact", "partner.com.") == "partner.com");
  BOOST_TEST(stored_pattern("ends_with", "partner.") == "partner.");
}

BOOST_AUTO_TEST_CASE(a_regex_loses_a_leading_scheme_and_nothing_else) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"^(.*\\.)?Partner\\.com$", "^(.*\\.)?Partner\\.com$"},
      {"https://partner\\.com", "partner\\.com"},
      {"http://partner\\.(com|de)/?", "partner\\.(com|de)/?"},
      {"^https://partner", "^https://partner"},
      {" ^partner\\.com$ ", "^partner\\.com$"},
      {"http:// https:// partner", "partner"},
      {"partner\\ ", "partner\\ "},
      {"https?://partner", "https?://partner"},
      {"b\xC3\xBC"
       "cher",
       "b\xC3\xBC"
       "cher"},
      {"", "body.referrer_pattern: string_too_short"},
      {"http://", "body.referrer_pattern: string_too_short"},
      {"a(", "body.referrer_pattern: value_error"},
      {"(*NO_JIT)a", "body.referrer_pattern: value_error"},
      {"http://(*NO_JIT)a", "body.referrer_pattern: value_error"},
      {"a\\C", "body.referrer_pattern: value_error"},
      {"a(?C1)", "body.referrer_pattern: value_error"},
  };
  for (const auto& [sent, stored] : cases)
    BOOST_TEST(stored_pattern("regex", sent) == stored,
               sent << " became " << stored_pattern("regex", sent));
  BOOST_TEST(stored_pattern("regex", std::string(255, 'a')) == std::string(255, 'a'));
  BOOST_TEST(stored_pattern("regex", std::string(256, 'a')) ==
             "body.referrer_pattern: string_too_long");
}

BOOST_AUTO_TEST_CASE(regexes_whose_cost_cannot_be_bounded_are_refused) {
  for (std::string_view sent : {R"((a)\1)", R"((?<n>a)\k<n>)", R"((?=(.{60})).*.*(?:\1!|\1#))",
                                "^[^a-z](?:(?:.?){30}){240}"})
    BOOST_TEST(stored_pattern("regex", sent).starts_with("body."), sent);
  BOOST_TEST(stored_pattern("regex", R"(^(a|b)\.example$)") == R"(^(a|b)\.example$)");
}

BOOST_AUTO_TEST_CASE(normalising_twice_changes_nothing) {
  for (std::string_view type : {"exact", "contains", "starts_with", "ends_with", "regex"})
    for (std::string_view sent :
         {"http://https://x.com", "a:80:90", "a..", "http:////x/y", "x:80", "[::1]:80:90", "http:x",
          "https://HTTP://x", " http:// x :80 /y", "x\\ "}) {
      const auto once = stored_pattern(type, sent);
      if (!once.starts_with("body."))
        BOOST_TEST(stored_pattern(type, once) == once, type << " " << sent);
    }
}

BOOST_AUTO_TEST_CASE(what_was_cut_off_is_told_with_what_the_rule_takes_instead) {
  struct example {
    const char *type, *sent, *message; // null: nothing to tell
  };
  const example cases[] = {
      {"exact", "medium.com/@partner",
       "the path /@partner was cut off: browsers send hosts only, and this rule takes every visit "
       "from medium.com"},
      {"exact", "https://Medium.com:443/@partner?a=b",
       "the scheme https://, the port :443 and the path /@partner?a=b were cut off: browsers send "
       "hosts only, and this rule takes every visit from medium.com"},
      {"contains", "partner.com/x",
       "the path /x was cut off: browsers send hosts only, and this rule takes every visit from a "
       "host that contains \"partner.com\""},
      {"exact", "https://partner.com/",
       "the scheme https:// and the slash at its end were cut off: rules are compared with the "
       "host alone, and this one takes every visit from partner.com"},
      {"exact", "partner.com?x",
       "the query ?x was cut off: browsers send hosts only, and this rule takes every visit from "
       "partner.com"},
      {"exact",
       "b\xC3\xBC"
       "cher.example",
       "the name is stored in its ASCII form, in which browsers send it"},
      {"exact", "partner.com.", "a dot at the end was cut off, as it is from hosts"},
      {"regex", "https://partner\\.com",
       "the scheme https:// was cut off: rules are compared with the host alone, and this one "
       "takes every visit from a host in which it finds a match"},
      {"exact", " Partner.COM ", nullptr},
      {"regex", " Partner\\.com ", nullptr},
      {"ends_with", ".com", nullptr},
  };
  for (const auto& [type, sent, message] : cases) {
    account one;
    const auto made = one.add_mapping(R"({"referrer_pattern":)" + quoted(sent) +
                                      R"(,"match_type":)" + quoted(type) + R"(,"utm_source":"s"})");
    BOOST_REQUIRE(made);
    const auto& told = made->normalised;
    BOOST_TEST((told ? told->message : "") == (message ? message : ""));
    if (told) {
      BOOST_TEST(told->field == "referrer_pattern");
      BOOST_TEST(told->sent == sent);
      BOOST_TEST(told->stored == one.mapping(1).referrer_pattern);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_domain_that_is_stored_otherwise_is_told_too) {
  account one;
  const auto made = one.add_passthrough(R"({"domain":"https://Pay.com/","utm_source":"s"})");
  BOOST_REQUIRE((made && made->normalised));
  BOOST_TEST(made->normalised->field == "domain");
  BOOST_TEST(made->normalised->message ==
             "the scheme https:// and the slash at its end were cut off: rules are compared with "
             "the host alone, and this one takes every visit from pay.com and the hosts below it");
}

BOOST_AUTO_TEST_CASE(a_patch_tells_what_another_match_type_cut_off) {
  account one;
  BOOST_REQUIRE(one.add_mapping(
      R"({"referrer_pattern":"medium.com/x","match_type":"regex","utm_source":"s"})"));
  const auto changed = one.patch_mapping(1, R"({"match_type":"exact"})");
  BOOST_REQUIRE((changed && changed->normalised));
  BOOST_TEST(changed->normalised->sent == "medium.com/x");
  const auto same = one.patch_mapping(1, R"({"referrer_pattern":"medium.com/@partner"})");
  BOOST_REQUIRE((same && same->normalised && !same->event));
  BOOST_TEST(!one.patch_mapping(1, R"({"priority":3})")->normalised);
}

BOOST_AUTO_TEST_CASE(a_long_text_is_repeated_in_part) {
  account one;
  const auto made = one.add_mapping(R"({"referrer_pattern":"a.com/)" + std::string(100'000, 'x') +
                                    R"(","utm_source":"s"})");
  BOOST_REQUIRE((made && made->normalised));
  BOOST_TEST(made->normalised->sent.size() == 258U);
  BOOST_TEST(made->normalised->message.size() < 400U);
}

BOOST_AUTO_TEST_SUITE_END()
