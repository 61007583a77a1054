#include "domain/matching/regex.hpp"
#include "domain/matching/regex_literals.hpp"
#include "random_patterns.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <random>

using namespace headwater::attribution;
using namespace headwater::attribution::test;

namespace {

bool contains_one(std::string_view host, const std::vector<std::string>& literals) {
  return literals.empty() || std::ranges::any_of(literals, [&](const std::string& each) {
           return host.find(each) != host.npos;
         });
}

bool is_lowercase_ascii(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x80 && (c < 'A' || c > 'Z'); });
}

void check_form(const std::vector<std::string>& literals) {
  BOOST_REQUIRE(literals.size() <= 32);
  BOOST_REQUIRE(std::ranges::is_sorted(literals));
  for (const auto& each : literals) {
    BOOST_REQUIRE(!each.empty() && is_lowercase_ascii(each));
    for (const auto& other : literals)
      BOOST_REQUIRE(&each == &other || each.find(other) == each.npos);
  }
}

struct tally {
  std::size_t compiled = 0, demanding = 0, matched = 0;
};

void check_one(pattern_source& source, tally& seen) {
  const auto sample = source.next();
  const auto literals = literals_of(sample.pattern); // unsound input does no harm
  const auto compiled = regex::compile(sample.pattern);
  if (!compiled)
    return;
  ++seen.compiled;
  seen.demanding += literals.empty() ? 0 : 1;
  check_form(literals);
  for (int i = 0; i < 4; ++i) {
    const auto host = source.host(sample);
    if (compiled->search(host) != match_result::match)
      continue;
    seen.matched += literals.empty() ? 0 : 1;
    BOOST_REQUIRE_MESSAGE(contains_one(host, literals),
                          sample.pattern << " matches " << host << " without a literal of it");
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(regex_literals)

BOOST_AUTO_TEST_CASE(whatever_matches_contains_a_literal_of_its_pattern) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto patterns = setting("HEADWATER_PATTERNS", 5'000);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  tally seen;
  for (std::uint64_t i = 0; i < patterns; ++i) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", pattern " << i) {
      pattern_source source(seed + i);
      check_one(source, seen);
    }
  }
  std::cout << seen.compiled << " of " << patterns << " patterns compiled, " << seen.demanding
            << " demand a literal, " << seen.matched << " hosts matched those" << std::endl;
  // The generator says something about what it is for.
  BOOST_TEST(seen.compiled > patterns / 4);
  BOOST_TEST(seen.demanding > patterns / 10);
  BOOST_TEST(seen.matched > patterns / 10);
}

BOOST_AUTO_TEST_SUITE_END()
