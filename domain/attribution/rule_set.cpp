#include "domain/attribution/rule_set.hpp"

#include "domain/attribution/host.hpp"
#include "domain/attribution/rules.hpp"

namespace headwater::attribution {
namespace {

/// Whether the host or the host without "www." passes a test.
template <class Test>
match_result either(std::string_view host, Test&& test) {
  const auto bare = without_www(host);
  return test(host) || (bare.size() != host.size() && test(bare)) ? match_result::match
                                                                  : match_result::no_match;
}

match_result search_either(const regex* compiled, std::string_view host) {
  if (!compiled)
    return match_result::no_match;
  const auto whole = compiled->search(host);
  const auto bare = without_www(host);
  if (whole == match_result::match || bare.size() == host.size())
    return whole;
  const auto second = compiled->search(bare);
  return second == match_result::no_match ? whole : second;
}

} // namespace

match_result matches(const referrer_mapping& rule, const regex* compiled, std::string_view host) {
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
  case match_type::regex:
    return search_either(compiled, host);
  }
  return match_result::no_match;
}

rule_set::rule_set(const account_rules& rules) : version_(rules.version()) {
  mappings_.reserve(rules.referrer_mappings().active());
  for (const auto& rule : rules.mappings_in_order())
    if (rule->is_active)
      mappings_.push_back({rule, rule->compiled.regex ? rule->compiled.regex->get() : nullptr});
  passthrough_.reserve(rules.passthrough_referrers().active());
  rules.passthrough_referrers().each([&](const auto& rule) {
    if (rule->is_active)
      passthrough_.emplace(rule->domain, rule);
  });
}

mapping_match rule_set::match(std::string_view host) const {
  mapping_match found;
  for (const auto& each : mappings_) {
    if (each.compiled && found.limit_hits.size() >= max_limit_hits)
      continue;
    const auto outcome = matches(*each.rule, each.compiled, host);
    if (outcome == match_result::limit_hit)
      found.limit_hits.push_back(each.rule->id);
    if (outcome != match_result::match)
      continue;
    found.rule = each.rule.get();
    break;
  }
  return found;
}

std::vector<tried_mapping> rule_set::candidates(std::string_view host, std::size_t most) const {
  std::vector<tried_mapping> found;
  for (const auto& each : mappings_) {
    if (found.size() >= most)
      break;
    const auto outcome = matches(*each.rule, each.compiled, host);
    if (outcome == match_result::match || each.compiled)
      found.push_back({each.rule.get(), outcome});
  }
  return found;
}

const passthrough_referrer* rule_set::passthrough(std::string_view host) const {
  for (;;) {
    if (const auto found = passthrough_.find(host); found != passthrough_.end())
      return found->second.get();
    const auto dot = host.find('.');
    if (dot == host.npos)
      return nullptr;
    host.remove_prefix(dot + 1);
  }
}

} // namespace headwater::attribution
