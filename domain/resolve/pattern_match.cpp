#include "domain/resolve/pattern_match.hpp"

#include "domain/hosts/host.hpp"

namespace headwater::attribution {
namespace {

/// Whether the host or the host without "www." passes a test.
template <class Test>
bool either(std::string_view host, Test&& test) {
  const auto bare = without_www(host);
  return test(host) || (bare.size() != host.size() && test(bare));
}

} // namespace

bool matches(const referrer_mapping& rule, std::string_view host) {
  const std::string_view pattern = rule.referrer_pattern;
  switch (rule.match_type) {
  case match_type::exact:
    return either(host, [&](auto name) { return name == pattern || name == without_www(pattern); });
  case match_type::contains:
    return either(host, [&](auto name) { return name.find(pattern) != name.npos; });
  case match_type::starts_with:
    return either(host, [&](auto name) { return name.starts_with(pattern); });
  case match_type::ends_with:
    return either(host, [&](auto name) { return name.ends_with(pattern); });
  case match_type::regex: {
    match_budget budget;
    return search(rule, host, budget) == match_result::match;
  }
  }
  return false;
}

match_result search(const referrer_mapping& rule, std::string_view host, match_budget& budget) {
  if (!budget.is_left())
    return match_result::not_run;
  const auto compiled = rule.compiled.regex->get();
  if (!compiled)
    return match_result::no_match;
  auto found = compiled->search(host, budget);
  const auto bare = without_www(host);
  if (found != match_result::match && bare.size() != host.size()) {
    const auto second = compiled->search(bare, budget);
    found = second == match_result::no_match ? found : second;
  }
  return found;
}

} // namespace headwater::attribution
