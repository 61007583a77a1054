// libFuzzer target: one pattern of a mapping, of any match type, and hosts. What the service stores
// of it must be stored unchanged when it is sent again; what compiles must be bounded, must match
// the same hosts by every way of asking, and never one that its prefilter excludes.

#include "domain/core/text.hpp"
#include "domain/hosts/domain_name.hpp"
#include "domain/hosts/host.hpp"
#include "domain/matching/regex_literals.hpp"
#include "domain/resolve/pattern_match.hpp"
#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rules.hpp"
#include "tests/fuzz/fuzz_input.hpp"

#include <array>
#include <memory>

using namespace headwater;
using namespace headwater::attribution;

namespace {

constexpr std::size_t max_hosts = 8;
constexpr std::size_t longest_pattern = 255;

/// The mapping that the service would store for a pattern.
result<referrer_mapping> stored(std::string_view pattern, match_type type) {
  const create_referrer_mapping command{{{{"referrer_pattern", std::string(pattern)},
                                          {"match_type", std::string(to_string(type))},
                                          {"utm_source", std::string("s")}},
                                         {}}};
  auto decided = decide(account_rules{}, command, {});
  if (!decided)
    return decided.error();
  return std::get<referrer_mapping_created>(*decided->event).rule;
}

/// What the match types but regex mean, said once more.
bool plainly_matches(const referrer_mapping& rule, std::string_view host) {
  const auto& pattern = rule.referrer_pattern;
  switch (rule.match_type) {
  case match_type::exact:
    return host == pattern || host == without_www(pattern);
  case match_type::contains:
    return host.find(pattern) != host.npos;
  case match_type::starts_with:
    return host.starts_with(pattern);
  case match_type::ends_with:
    return host.ends_with(pattern);
  case match_type::regex:
    break;
  }
  return false;
}

void check_plain(const referrer_mapping& rule, std::string_view host) {
  const bool expected = plainly_matches(rule, host) || plainly_matches(rule, without_www(host));
  if (matches(rule, host) != expected)
    fuzz::fail("a pattern matches otherwise than its type says",
               rule.referrer_pattern + " on " + std::string(host));
}

void check_regex(const regex& compiled, const lazy_regex& lazy, const std::string& pattern,
                 std::string_view host) {
  const auto found = compiled.search(host);
  if (found == match_result::limit_hit)
    return; // what a limit cuts short depends on the limit
  fuzz::require(compiled.search(host) == found, "a second search differs", pattern);
  match_budget budget;
  const auto budgeted = compiled.search(host, budget);
  fuzz::require(budgeted == found || budgeted == match_result::limit_hit ||
                    budgeted == match_result::not_run,
                "a search within a budget differs", pattern);
  fuzz::require(found != match_result::match || lazy.is_plausible(host),
                "a regex matches an implausible host", pattern + " on " + std::string(host));
  const auto& literals = lazy.literals();
  fuzz::require(found != match_result::match || literals.empty() ||
                    std::ranges::any_of(
                        literals, [&](const auto& one) { return host.find(one) != host.npos; }),
                "a regex matches without a required literal", pattern + " on " + std::string(host));
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array types{match_type::exact, match_type::contains, match_type::starts_with,
                             match_type::ends_with, match_type::regex};
  // Clients' texts are valid UTF-8 by the time they are patterns.
  const auto input = to_valid_utf8(fuzz::text_of(data, size));
  std::string_view rest = input;
  const auto type = types.at(static_cast<unsigned char>(fuzz::take_char(rest)) % types.size());
  const auto rule = stored(fuzz::take_line(rest), type);
  if (!rule) {
    fuzz::check_refusal(rule.error());
    return 0;
  }
  const auto& pattern = rule->referrer_pattern;
  fuzz::require(!pattern.empty() && code_points(pattern) <= longest_pattern,
                "a pattern beyond its limit", pattern);
  const auto again = fuzz::must(stored(pattern, type), "a stored pattern is refused");
  fuzz::require_equal(again.referrer_pattern, pattern, "a stored pattern is stored otherwise");
  const bool is_regex = type == match_type::regex;
  if (!is_regex)
    fuzz::require(is_ascii(pattern) && ascii_lower(pattern) == pattern,
                  "a pattern is not in lower-case ASCII", pattern);
  std::unique_ptr<const regex> compiled;
  const lazy_regex lazy(pattern, std::make_shared<regex_memory>());
  if (is_regex) {
    compiled = std::make_unique<const regex>(
        fuzz::must(regex::compile(pattern), "a stored regex does not compile"));
    fuzz::require(compiled->bytes() <= regex::max_bytes, "a regex beyond its memory", pattern);
    fuzz::require(static_cast<bool>(lazy.get()), "a regex compiles in one way only", pattern);
  }
  for (std::size_t i = 0; i < max_hosts && !rest.empty(); ++i) {
    const auto host = ascii_lower(fuzz::take_line(rest));
    if (!is_regex)
      check_plain(*rule, host);
    else if (is_ascii(host))
      check_regex(*compiled, lazy, pattern, host);
  }
  return 0;
}
