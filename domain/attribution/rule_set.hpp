#pragma once

// An account's active rules, compiled for the resolver. Immutable, shared by any number of threads.
// Passthrough referrers are found by hash over the host's label suffixes; mappings by a plain scan
// in evaluation order. This class is the seam behind which a faster matcher goes.

#include "domain/attribution/passthrough_referrer.hpp"
#include "domain/attribution/referrer_mapping.hpp"
#include "domain/attribution/regex.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headwater::attribution {

class account_rules;

/// Whether one mapping's pattern matches a host, as it is or without one leading "www.". The
/// definition; rule_set must agree with it. `compiled` is for match_type::regex only.
[[nodiscard]] match_result matches(const referrer_mapping& rule, const regex* compiled,
                                   std::string_view host);

/// How many regexes may give up in one visit. Each costs up to its match limit, so an account with
/// thousands of hostile ones would else hold a thread for seconds; once so many have, the
/// remaining regexes count as no match unseen.
inline constexpr std::size_t max_limit_hits = 32;

/// The first mapping in evaluation order that matches, and the regexes before it that hit a limit
/// and so counted as no match.
struct mapping_match {
  const referrer_mapping* rule = nullptr; ///< lives as long as the rule_set; null: none matches
  std::vector<std::int64_t> limit_hits;   ///< mapping ids
};

/// A mapping that was looked at closely, for an explanation.
struct tried_mapping {
  const referrer_mapping* rule = nullptr; ///< lives as long as the rule_set
  match_result outcome = match_result::no_match;
};

class rule_set {
public:
  explicit rule_set(const account_rules& rules);

  /// The sequence of the last event that the set reflects.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  /// `host` as host_of_referrer gives it.
  [[nodiscard]] mapping_match match(std::string_view host) const;

  /// Every mapping that could decide on this host, in evaluation order, at most `most` of them: all
  /// that match, and the regexes that were run and did not. For explanations and for the linter;
  /// slower than match().
  [[nodiscard]] std::vector<tried_mapping> candidates(std::string_view host,
                                                      std::size_t most) const;

  /// The active passthrough referrer whose domain is the host or its longest parent at a label
  /// boundary; null if none.
  [[nodiscard]] const passthrough_referrer* passthrough(std::string_view host) const;

  [[nodiscard]] std::size_t active_mappings() const { return mappings_.size(); }
  [[nodiscard]] std::size_t active_passthrough_referrers() const { return passthrough_.size(); }

private:
  struct entry {
    std::shared_ptr<const referrer_mapping> rule;
    const regex* compiled; // lives with the rule
  };

  std::uint64_t version_;
  std::vector<entry> mappings_;
  // Keys are views into the rules that the values keep alive.
  std::unordered_map<std::string_view, std::shared_ptr<const passthrough_referrer>> passthrough_;
};

} // namespace headwater::attribution
