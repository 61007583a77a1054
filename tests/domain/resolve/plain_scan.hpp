#pragma once

// The definition that a compiled rule set must agree with: every rule is looked at, with nothing
// but matches(). Slow, and simple enough to be read as right.

#include "domain/hosts/host.hpp"
#include "domain/matching/regex.hpp"
#include "domain/resolve/rule_set.hpp"
#include "domain/rules/rules.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::attribution::test {

/// Compiled from the text alone, not what the rule carries along; null: it does not compile.
inline const regex* compiled_for_scan(const std::string& pattern) {
  thread_local std::map<std::string, std::optional<regex>> seen;
  if (seen.size() > 1'000)
    seen.clear();
  const auto [at, is_new] = seen.try_emplace(pattern);
  if (is_new)
    if (auto compiled = regex::compile(pattern))
      at->second.emplace(std::move(*compiled));
  return at->second ? &*at->second : nullptr;
}

inline bool found_by_regex(const std::string& pattern, std::string_view host) {
  const auto* compiled = compiled_for_scan(pattern);
  return compiled && (compiled->search(host) == match_result::match ||
                      compiled->search(without_www(host)) == match_result::match);
}

/// Ids of all active mappings that match, by priority descending, then id ascending. A regex that
/// hits its limit counts as no match.
inline std::vector<std::int64_t> scan_all_mappings(const account_rules& rules,
                                                   std::string_view host) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found; // priority downwards, id
  rules.referrer_mappings().each([&](const auto& rule) {
    if (rule->is_active &&
        (rule->match_type == match_type::regex ? found_by_regex(rule->referrer_pattern, host)
                                               : matches(*rule, host)))
      found.emplace_back(-rule->priority, rule->id);
  });
  std::ranges::sort(found);
  std::vector<std::int64_t> ids;
  for (const auto& [priority, id] : found)
    ids.push_back(id);
  return ids;
}

/// The one of them that decides; 0: none.
inline std::int64_t scan_mappings(const account_rules& rules, std::string_view host) {
  const auto all = scan_all_mappings(rules, host);
  return all.empty() ? 0 : all.front();
}

/// Id of the active passthrough referrer whose domain is the host or its longest parent; 0: none.
inline std::int64_t scan_passthrough(const account_rules& rules, std::string_view host) {
  const passthrough_referrer* best = nullptr;
  rules.passthrough_referrers().each([&](const auto& rule) {
    const bool covers = host == rule->domain || host.ends_with("." + rule->domain);
    if (rule->is_active && covers && (!best || rule->domain.size() > best->domain.size()))
      best = rule.get();
  });
  return best ? best->id : 0;
}

/// What the compiled set says, in the same terms.
inline std::int64_t matched_id(const rule_set& set, std::string_view host) {
  const auto* rule = set.match(host).rule;
  return rule ? rule->id : 0;
}

inline std::vector<std::int64_t> candidate_ids(const rule_set& set, std::string_view host) {
  std::vector<std::int64_t> ids;
  for (const auto& each : set.candidates(host, set.active_mappings()))
    if (each.outcome == match_result::match)
      ids.push_back(each.rule->id);
  return ids;
}

inline std::int64_t passthrough_id(const rule_set& set, std::string_view host) {
  const auto* rule = set.passthrough(host);
  return rule ? rule->id : 0;
}

} // namespace headwater::attribution::test
