#include "domain/hosts/host.hpp"
#include "domain/hosts/public_suffixes.hpp"
#include "domain/hosts/shipped_suffixes.hpp"

#include <boost/test/unit_test.hpp>
#include <libpsl.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

using namespace headwater;
using namespace headwater::attribution;

namespace {

/// libpsl over the file that is shipped, and not over what is built into it.
const psl_ctx_t* reference() {
  static psl_ctx_t* const list = [] {
    std::string text(shipped_suffix_text());
    auto* file = fmemopen(text.data(), text.size(), "r");
    auto* read = psl_load_fp(file);
    std::fclose(file);
    return read;
  }();
  return list;
}

std::string expected(const std::string& name) {
  const char* found = psl_registrable_domain(reference(), name.c_str());
  return found ? found : "none";
}

std::string ours(std::string_view name) {
  return std::string(public_suffixes::shipped()->registrable(name).value_or("none"));
}

bool is_expected_suffix(const std::string& name) {
  return psl_is_public_suffix2(reference(), name.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) ==
         1;
}

/// The rules as the file has them, in ASCII, with "*." and "!".
std::vector<std::string> shipped_rules() {
  std::vector<std::string> out;
  for (auto text = shipped_suffix_text(); !text.empty();) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with("//"))
      continue;
    const auto before = line.starts_with('!') ? 1U : line.starts_with("*.") ? 2U : 0U;
    out.push_back(std::string(line.substr(0, before)) +
                  to_ascii_domain(line.substr(before)).value());
  }
  return out;
}

bool is_same_site(const std::string& left, const std::string& right) {
  return same_site({left, host_kind::domain}, {right, host_kind::domain},
                   *public_suffixes::shipped());
}

std::string refusal(std::string_view text) {
  const auto read = public_suffixes::read(text, "list.dat");
  return read ? "none" : read.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(suffixes)

BOOST_AUTO_TEST_CASE(every_rule_of_the_shipped_list_parts_sites) {
  const auto rules = shipped_rules();
  BOOST_TEST(rules.size() > 9'000U);
  for (const auto& rule : rules) {
    const bool is_exception = rule.starts_with('!'), is_wildcard = rule.starts_with("*.");
    // An exception is a name that somebody registered; what is a suffix stands above it.
    const auto suffix = is_exception  ? rule.substr(1)
                        : is_wildcard ? "anything" + rule.substr(1)
                                      : rule;
    const auto one = is_exception ? suffix : "one." + suffix;
    BOOST_REQUIRE_MESSAGE(is_exception || !is_same_site(one, "two." + suffix), rule);
    for (const auto* below : {"www.", "a.b."})
      BOOST_REQUIRE_MESSAGE(is_same_site(one, below + one), rule);
    for (const auto& name : {suffix, one, "www." + one, "a.b." + one}) {
      BOOST_REQUIRE_MESSAGE(ours(name) == expected(name), name << ": " << ours(name));
      BOOST_REQUIRE_MESSAGE(
          public_suffixes::shipped()->is_listed_suffix(name) == is_expected_suffix(name), name);
    }
  }
}

BOOST_AUTO_TEST_CASE(names_of_any_form_are_read_as_libpsl_reads_them) {
  const char* given = std::getenv("HEADWATER_SEED");
  const auto seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::mt19937_64 random(seed);
  auto rules = shipped_rules();
  rules.insert(rules.end(), {"test", "localhost", "unknown", "www.ck", "city.kobe.jp"});
  for (int round = 0; round < 100'000; ++round) {
    std::string name;
    for (auto count = random() % 5; count > 0; --count)
      name += std::string(1 + random() % 2, static_cast<char>('a' + random() % 2)) + ".";
    auto rule = rules[random() % rules.size()];
    rule.erase(0, rule.find_first_not_of("!*."));
    if (random() % 4 == 0 && rule.find('.') != rule.npos)
      rule.erase(0, rule.find('.') + 1);
    name += rule;
    BOOST_REQUIRE_MESSAGE(ours(name) == expected(name),
                          "HEADWATER_SEED=" << seed << ": " << name << ": " << ours(name));
    BOOST_REQUIRE_MESSAGE(public_suffixes::shipped()->is_listed_suffix(name) ==
                              is_expected_suffix(name),
                          "HEADWATER_SEED=" << seed << ": " << name);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_name_has_no_registrable_domain) {
  for (std::string_view name : {"", ".", "com.", ".com", "com", "co.uk", "localhost"})
    BOOST_TEST(ours(name) == "none", name);
  BOOST_TEST(ours(std::string(200, 'a') + ".b.c.co.uk") == "c.co.uk");
  std::string many;
  for (int i = 0; i < 120; ++i)
    many += "a.";
  BOOST_TEST(ours(many + "co.uk") == "a.co.uk");
}

BOOST_AUTO_TEST_CASE(rules_of_registries_are_told_from_private_ones) {
  const auto& list = *public_suffixes::shipped();
  BOOST_TEST(list.is_registry_suffix("co.uk"));
  BOOST_TEST(list.is_registry_suffix("de"));
  BOOST_TEST(!list.is_registry_suffix("com.de"));
  BOOST_TEST(list.is_listed_suffix("com.de"));
  BOOST_TEST(!list.is_registry_suffix("github.io"));
}

BOOST_AUTO_TEST_CASE(a_damaged_list_is_refused_with_its_line) {
  BOOST_TEST(refusal("") == "list.dat:1: the list is empty");
  BOOST_TEST(refusal("// nothing\n") == "list.dat:1: the list is empty");
  BOOST_TEST(refusal("com\n<html>\n") ==
             "list.dat:2: neither a public suffix nor a comment: <html>");
  BOOST_TEST(refusal("com\na..b\n") == "list.dat:2: neither a public suffix nor a comment: a..b");
  BOOST_TEST(refusal("com\n!uk\n") == "list.dat:2: neither a public suffix nor a comment: uk");
  BOOST_TEST(refusal("com\na.*.b\n") == "list.dat:2: neither a public suffix nor a comment: a.*.b");
  BOOST_TEST(refusal("// ===BEGIN ICANN DOMAINS===\ncom\n") ==
             "list.dat:2: the section ICANN DOMAINS does not end: the file is cut short");
  BOOST_TEST(refusal("// ===BEGIN ICANN DOMAINS===\ncom\n// ===END ICANN DOMAINS===\nx.com\n") ==
             "list.dat:4: a rule outside of the sections: x.com");
  const auto text = shipped_suffix_text();
  for (const auto part : {text.size() / 3, text.size() / 2, text.size() - 40})
    BOOST_TEST(refusal(text.substr(0, part)) != "none");
  BOOST_TEST(refusal("com // a rule ends at a blank\n") == "none");
}

BOOST_AUTO_TEST_SUITE_END()
