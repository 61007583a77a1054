#include "domain/matching/regex.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

using namespace headwater;
using namespace headwater::attribution;

namespace {

match_result search(std::string_view pattern, std::string_view subject) {
  const auto compiled = regex::compile(pattern);
  BOOST_REQUIRE_MESSAGE(compiled, pattern);
  return compiled->search(subject);
}

bool is_match(std::string_view pattern, std::string_view subject) {
  return search(pattern, subject) == match_result::match;
}

std::string refusal(std::string_view pattern) {
  const auto compiled = regex::compile(pattern);
  return compiled ? "accepted" : compiled.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(regexes)

BOOST_AUTO_TEST_CASE(a_pattern_is_searched_anywhere_in_any_case) {
  BOOST_TEST(is_match("partner", "shop.partner.example"));
  BOOST_TEST(is_match("PARTNER", "shop.partner.example"));
  BOOST_TEST(is_match("^shop\\.", "shop.partner.example"));
  BOOST_TEST(!is_match("^partner", "shop.partner.example"));
  BOOST_TEST(is_match("(?:google|bing)\\.(?:com|de)$", "www.google.de"));
  BOOST_TEST(is_match("\xC3\x84", "x\xC3\xA4y")); // UTF: the letter, not its bytes
  BOOST_TEST(is_match("^.$", "\xC3\xA4"));
  BOOST_TEST(!is_match("a", ""));
  BOOST_TEST(is_match("^$", ""));
}

BOOST_AUTO_TEST_CASE(a_pattern_that_does_not_compile_names_reason_and_offset) {
  BOOST_TEST(refusal("a(b") ==
             "Invalid regular expression: missing closing parenthesis at offset 3");
  BOOST_TEST(refusal("*a").find("at offset 0") != std::string::npos);
  BOOST_TEST(refusal("[z-a]").find("range out of order") != std::string::npos);
  BOOST_TEST(refusal("\xFF").find("UTF-8 error") != std::string::npos);
  BOOST_TEST((regex::compile("(").error().code == errc::validation_error));
}

BOOST_AUTO_TEST_CASE(single_code_units_are_refused) {
  BOOST_TEST(refusal("a\\C").find("\\C") != std::string::npos);
  BOOST_TEST(is_match("[\\\\C]", "c")); // an escaped backslash before a C is harmless
}

BOOST_AUTO_TEST_CASE(callouts_are_refused_wherever_they_stand) {
  for (std::string_view pattern :
       {"(?C)a", "a(?C1)b", "a(?C\"text\")", "(?:x(?C255))*", "(?(?C9)(?=a)b|c)", "[a](?C)"})
    BOOST_TEST(refusal(pattern).find("callouts are not allowed") != std::string::npos,
               pattern << ": " << refusal(pattern));
  BOOST_TEST(is_match("\\(\\?C\\)", "(?c)"));
  BOOST_TEST(is_match("[(?C)]", "c"));
}

BOOST_AUTO_TEST_CASE(verbs_at_the_start_are_refused) {
  for (std::string_view pattern :
       {"(*LIMIT_MATCH=4000000000)a", "(*LIMIT_DEPTH=1)a", "(*LIMIT_HEAP=1)a",
        "(*LIMIT_RECURSION=1)a", "(*NO_JIT)a", "(*UTF)a", "(*UCP)a", "(*NO_START_OPT)a",
        "(*NO_AUTO_POSSESS)a", "(*NO_DOTSTAR_ANCHOR)a", "(*NOTEMPTY)a", "(*NOTEMPTY_ATSTART)a",
        "(*CR)a", "(*ANYCRLF)a", "(*BSR_UNICODE)a", "(*UTF)(*LIMIT_MATCH=1)a", "(*COMMIT)a",
        "(*:name)a", "(*)a"})
    BOOST_TEST(refusal(pattern).find("verbs at the start") != std::string::npos,
               pattern << ": " << refusal(pattern));
  // Elsewhere PCRE2 takes them for unknown verbs, or they only prune.
  BOOST_TEST(refusal("a(*LIMIT_MATCH=1)") != "accepted");
  BOOST_TEST(refusal(" (*NO_JIT)a") != "accepted");
  BOOST_TEST(refusal("(?:)(*LIMIT_MATCH=1)a") != "accepted");
  BOOST_TEST(is_match("(*pla:a)a", "a")); // an assertion by its alphabetic name
}

BOOST_AUTO_TEST_CASE(an_evaluation_that_costs_too_much_ends_as_limit_hit) {
  const std::string subject(250, 'a');
  const auto start = std::chrono::steady_clock::now();
  for (std::string_view pattern :
       {"(a+)+$x", "^(a|a?)+$b", "(?:a*)*b[c]", "(.+)+\\1x$", "(a|aa)+!", "((a?){20}){20}z$"}) {
    const auto outcome = search(pattern, subject);
    BOOST_TEST((outcome != match_result::match), pattern);
  }
  BOOST_TEST((search("^(a+)+[bc]$", subject + "!") == match_result::limit_hit));
  BOOST_TEST((search("^(?:(a|b(?1))+)+$", subject + "!") == match_result::limit_hit));
  const auto spent = std::chrono::steady_clock::now() - start;
  BOOST_TEST((spent < std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(limits_bound_the_interpreter_and_jit_alike) {
  const auto compiled = regex::compile("^(a+)+[bc]$");
  BOOST_REQUIRE(compiled);
  BOOST_TEST((compiled->search("aaab", {.match = 1, .depth = 1, .heap_kib = 0}) ==
              match_result::limit_hit));
  BOOST_TEST((compiled->search("aaab") == match_result::match));
}

/// PCRE2's JIT does not count the calls of groups.
BOOST_AUTO_TEST_CASE(a_pattern_that_calls_its_own_groups_is_bounded) {
  const std::string host = "www.shop.example";
  for (const std::string pattern :
       {"(=?||||||||a||||||||(?1)|(?R)|||:-c]llab>){ho", "(=?||||||||(?-1)|(?R)|||:)x{ho",
        "(?<n>=?||||||||(?&n)|(?R)|||:)x{ho", "(?<n>=?||||||||(?P>n)|(?R)|||:)x{ho",
        "(=?||||||||\\g<1>|(?R)|||:)x{ho", "(=?||||||||\\g'-1'|(?0)|||:)x{ho"}) {
    const auto compiled = regex::compile(pattern);
    BOOST_REQUIRE_MESSAGE(compiled, pattern << ": " << compiled.error().message);
    BOOST_TEST(!compiled->is_jit_compiled(), pattern);
    const auto began = std::clock();
    BOOST_TEST((compiled->search(host) != match_result::match), pattern);
    match_budget budget;
    BOOST_TEST((compiled->search(host, budget) != match_result::match), pattern);
    BOOST_TEST(1.0 * (std::clock() - began) / CLOCKS_PER_SEC < 1.0, pattern);
  }
  BOOST_TEST((regex::compile("^(a|b(?1)c)$")->search("bac") == match_result::match));
}

BOOST_AUTO_TEST_CASE(patterns_that_only_look_like_calls_are_searched_all_the_same) {
  for (const std::string pattern : {"(?-i)shop", "(?i:shop)", "(?:s)hop", "(?<n>s)hop", "s(?=hop)"})
    BOOST_TEST(regex::compile(pattern)->is_jit_compiled(), pattern);
}

BOOST_AUTO_TEST_CASE(one_object_is_searched_by_many_threads) {
  const auto compiled = regex::compile("^(?:[a-z]+\\.)+partner-(\\d+)\\.example$");
  BOOST_REQUIRE(compiled);
  std::vector<int> wrong(4);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 2000; ++i) {
          const auto host = "shop.partner-" + std::to_string(i) + ".example";
          wrong[static_cast<std::size_t>(t)] +=
              compiled->search(host) == match_result::match ? 0 : 1;
          wrong[static_cast<std::size_t>(t)] +=
              compiled->search(host + "x") == match_result::no_match ? 0 : 1;
        }
      });
  }
  BOOST_TEST(wrong == std::vector<int>(4), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_lazy_pattern_compiles_once_and_a_bad_one_never) {
  const auto memory = std::make_shared<regex_memory>();
  const lazy_regex good("a+", memory);
  BOOST_REQUIRE(good.get());
  BOOST_TEST(good.get().operator->() == good.get().operator->());
  BOOST_TEST(!lazy_regex("(", memory).get());
}

BOOST_AUTO_TEST_CASE(patterns_take_of_their_accounts_memory_and_give_it_back) {
  const auto memory = std::make_shared<regex_memory>();
  {
    const lazy_regex one("a+", memory);
    BOOST_TEST(memory->taken() == 0U);
    BOOST_REQUIRE(one.get());
    BOOST_TEST(memory->taken() == one.bytes());
    BOOST_TEST(one.bytes() > 0U);
  }
  BOOST_TEST(memory->taken() == 0U);
}

BOOST_AUTO_TEST_CASE(patterns_match_but_do_not_stay_where_the_memory_is_full) {
  const auto memory = std::make_shared<regex_memory>();
  const lazy_regex one("a+", memory);
  BOOST_REQUIRE(memory->take(regex_memory::most));
  BOOST_TEST(!memory->take(1));
  BOOST_TEST((one.get()->search("bab") == match_result::match));
  BOOST_TEST(one.bytes() == 0U);
  BOOST_TEST(memory->taken() == regex_memory::most);
  memory->give_back(regex_memory::most);
  BOOST_TEST((one.get()->search("bab") == match_result::match));
  BOOST_TEST(one.bytes() > 0U);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_many_threads_need_first_is_kept_once) {
  const auto memory = std::make_shared<regex_memory>();
  for (int i = 0; i < 200; ++i) {
    const lazy_regex one("^a{1," + std::to_string(i + 1) + "}b$", memory);
    {
      std::vector<std::jthread> threads;
      for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] { static_cast<void>(one.get()->search("ab")); });
    }
    BOOST_TEST(memory->taken() == one.bytes());
  }
}

BOOST_AUTO_TEST_SUITE_END()
