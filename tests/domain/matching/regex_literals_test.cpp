#include "domain/matching/regex.hpp"
#include "domain/matching/regex_literals.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

using namespace headwater::attribution;

namespace {

using literals = std::vector<std::string>;

struct example {
  std::string pattern;
  literals expected;
};

const example plain[] = {
    {"partner", {"partner"}},
    {"^partner\\.(com|de)$", {"partner.com", "partner.de"}},
    {"(google|bing)\\.", {"bing.", "google."}},
    {"GOOGLE", {"google"}},
    {"(?:foo)?bar", {"bar"}},
    {"foo(bar)?baz", {"foobarbaz", "foobaz"}},
    {"fo+bar", {"obar"}},
    {"fo*bar", {"bar"}},
    {"[ab]cd", {"acd", "bcd"}},
    {"[aA]cd", {"acd"}},
    {"news[0-9]+\\.example\\.com", {".example.com"}},
    {"^shop\\.[^.]+\\.example$", {".example"}},
    {"(abc|def)+xyz", {"abcxyz", "defxyz"}},
    {"a.b", {"a"}},
    {"ab{2}c", {"abbc"}},
    {"ab{2,}c", {"abb"}},
    {"ab{0}c", {"ac"}},
    {"ab{0,3}cd", {"cd"}},
    {"(ab){3}", {"ababab"}},
    {"ab++c", {"ab"}},
    {"ab+?c", {"ab"}},
    {"ab??c", {"abc", "ac"}},
    {"example|ample", {"ample"}},
    {"partner^", {"partner"}},
    {"foo\\bbar", {"foobar"}},
};

const example escapes[] = {
    {"a\\.b\\-c", {"a.b-c"}}, {"a\\x2eb", {"a.b"}},    {"a\\x{2E}b", {"a.b"}},
    {"a\\o{56}b", {"a.b"}},   {"a\\056b", {"a.b"}},    {"\\Aab\\z", {"ab"}},
    {"ab\\d+cde", {"cde"}},   {"ab\\pLcde", {"cde"}},  {"ab\\p{^Lu}cde", {"cde"}},
    {"ab\\cXcde", {"cde"}},   {"ab\\c\\cde", {"cde"}}, {"ab\\Rcde", {"cde"}},
    {"ab\\Ncde", {"cde"}},    {"(a)\\1cd", {"cd"}},    {"abc\\Kd", {"abcd"}},
};

const example classes[] = {
    {"[]a]b", {"]b", "ab"}},
    {"[^]a]bc", {"bc"}},
    {"[a-c]x", {"ax", "bx", "cx"}},
    {"[a-z]xy", {"xy"}},
    {"[A-z]xy", {"xy"}},
    {"[+--]x", {"+x", ",x", "-x"}},
    {"[a-]x", {"-x", "ax"}},
    {"[a\\-c]x", {"-x", "ax", "cx"}},
    {"[\\c]]xy", {"xy"}},
    {"[\\]]xy", {"]xy"}},
    {"[\\x61-\\x{62}]x", {"ax", "bx"}},
    {"[\\d]xy", {"xy"}},
    {"[[:alpha:]]foo", {"foo"}},
    {"[[:^alpha:]b]foo", {"foo"}},
    {"[[:<:]]foo", {"foo"}},
    {"[a\xC3\xA4]foo", {"foo"}},
};

const example groups[] = {
    {"(?i)Google", {"google"}},
    {"(?i:Google)x", {"googlex"}},
    {"(?-i)google", {"google"}},
    {"(?<name>foo)bar", {"foobar"}},
    {"(?P<name>foo)bar", {"foobar"}},
    {"(?'name'foo)bar", {"foobar"}},
    {"(?>foo|fo)bar", {"fobar", "foobar"}},
    {"(?|(foo)|(bar))x", {"barx", "foox"}},
    {"foo(?=secret)bar", {"foobar"}},
    {"foo(?!bar)baz", {"foobaz"}},
    {"(?<=secret)bar", {"bar"}},
    {"(?<!foo)bar", {"bar"}},
    {"foo(?=secret)?bar", {"foobar"}},
};

/// Nothing is demanded.
const std::vector<std::string> silent = {
    ".*", "a|", "", "a?", "(a*)*", "(?:foo|)", "[a-z]+", "\\w+\\.\\w+$|x?", "(?=foo)", "a{0}",
    // The rest of the pattern may not mean what it says.
    "(?x)a b # c", "(?xx)[a b]c", "foo(?x: # (\n)bar", "(?^x)ab", "\\Qa.b\\E", "foo\\Ebar",
    "[\\Qa]\\E]foo", "a(*ACCEPT)b", "foo(*COMMIT)bar", "(*pla:foo)bar", "(?#x)foo", "(foo)(?1)",
    "foo(?R)?", "(?P<a>foo)(?P>a)", "(?P<a>foo)(?P=a)", "(?<a>foo)(?&a)", "(?<a>foo)\\k<a>",
    "(foo)\\g1", "(foo)\\g{-1}", "(?(?=a)foo|bar)x", "(x)?(?(1)foo|bar)", "(?(DEFINE)foo)b?",
    "foo\\N{U+41}", "a{,3}", "foo{", "foo{bar}", "a{ 2 }", "(((((((((foo)))))))))\\10",
    // Beyond ASCII one character stands for another: these match k and s.
    "\xE2\x84\xAA", "\xC5\xBF", "\\x{212A}", "[\xE2\x84\xAA]", "\xE2\x84\xAA+"};

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

std::size_t bytes(const literals& set) {
  std::size_t sum = 0;
  for (const auto& each : set)
    sum += each.size();
  return sum;
}

void check(const example& each) {
  BOOST_TEST_CONTEXT(each.pattern) {
    BOOST_TEST(regex::compile(each.pattern).has_value());
    BOOST_TEST(literals_of(each.pattern) == each.expected, boost::test_tools::per_element());
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(regex_literals)

BOOST_AUTO_TEST_CASE(literals_cross_in_sequence_and_unite_in_alternatives) {
  for (const auto& each : plain)
    check(each);
}

BOOST_AUTO_TEST_CASE(escapes_stand_for_one_character_or_for_nothing_known) {
  for (const auto& each : escapes)
    check(each);
}

BOOST_AUTO_TEST_CASE(a_small_class_multiplies_and_a_large_one_demands_nothing) {
  for (const auto& each : classes)
    check(each);
}

BOOST_AUTO_TEST_CASE(groups_are_read_and_assertions_take_no_room) {
  for (const auto& each : groups)
    check(each);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_demands_nothing) {
  for (const auto& pattern : silent)
    check({pattern, {}});
}

BOOST_AUTO_TEST_CASE(patterns_that_do_not_compile_do_no_harm) {
  for (std::string_view pattern :
       {"(",   ")",    "[",        "[a",     "[]",  "[z-a]b",     "a)b",  "a**",
        "*",   "\\",   "\\x{",     "\\o{9}", "\\c", "[[:alpha:]", "(?",   "(?<",
        "(?P", "(?<a", "a{99999}", "a{3,1}", "a{3", "\xFF",       "[\xC3"})
    static_cast<void>(literals_of(pattern));
  BOOST_TEST(literals_of(")foo").empty());
  BOOST_TEST(literals_of(repeated("(", 100'000)).empty());
}

BOOST_AUTO_TEST_CASE(many_alternatives_are_demanded_up_to_32) {
  const auto words = [](int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
      all +=
          (i ? "|" : "") + std::string(1, static_cast<char>('a' + i % 26)) + std::to_string(10 + i);
    return all;
  };
  BOOST_TEST(literals_of(words(16)).size() == 16U);
  BOOST_TEST(literals_of(words(32)).size() == 32U);
  BOOST_TEST(literals_of(words(33)).empty());
  const literals tail{".example"};
  BOOST_TEST(literals_of("(" + words(33) + ")\\.example") == tail,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_hostile_pattern_costs_little_time_and_few_bytes) {
  const auto start = std::chrono::steady_clock::now();
  for (const auto& pattern :
       {repeated("[abcd]", 42), repeated("(a|b)", 51), repeated("(", 127) + repeated(")", 127),
        std::string("((((a{65535}){65535}){65535}){65535})"), repeated("a", 255),
        repeated("a?", 127), repeated("(a|bc)+", 36), "[ab][ab][ab][ab]" + repeated("c", 239),
        repeated("a|", 127), repeated("((a|b)|", 30) + "c" + repeated(")", 30),
        repeated("(?:", 60) + repeated(")+", 60), std::string("(?:[ab]{8}x){30}"),
        repeated("\xE2\x84\xAA", 255)}) {
    const auto found = literals_of(pattern);
    BOOST_TEST(found.size() <= 32U, pattern);
    BOOST_TEST(bytes(found) <= 256U, pattern);
  }
  const auto spent = std::chrono::steady_clock::now() - start;
  BOOST_TEST((spent < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_SUITE_END()
