#pragma once

// An account's active rules as the resolver asks for them: compiled rules, and a delta of what
// changed since they were compiled, which is scanned plainly. So a resolve sees every acknowledged
// change, and compiling may take its time. Immutable, shared by any number of threads.

#include "domain/core/keyed_hash.hpp"
#include "domain/resolve/compiled_rules.hpp"
#include "domain/resolve/pattern_match.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// The first mapping in evaluation order that matches, and the regexes before it that hit a limit
/// and so counted as no match.
struct mapping_match {
  // They live as long as the rule_set.
  const referrer_mapping* rule = nullptr; ///< null: none matches
  std::vector<const referrer_mapping*> limit_hits;
};

/// A mapping that was looked at closely, for an explanation.
struct tried_mapping {
  const referrer_mapping* rule = nullptr; ///< lives as long as the rule_set
  match_result outcome = match_result::no_match;
};

class rule_set {
public:
  /// Compiles the rules here and now.
  explicit rule_set(const account_rules& rules);

  /// `now` seen through a `base` that may be older. Costs a comparison of the two, which share what
  /// did not change, and nothing for the rest.
  rule_set(std::shared_ptr<const compiled_rules> base, const account_rules& now);

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

  [[nodiscard]] std::size_t active_mappings() const { return active_mappings_; }
  [[nodiscard]] std::size_t active_passthrough_referrers() const {
    return active_passthrough_referrers_;
  }

  [[nodiscard]] const std::shared_ptr<const compiled_rules>& base() const { return base_; }
  /// Rules that came, went or changed since the base was compiled.
  [[nodiscard]] std::size_t delta_size() const { return delta_size_; }

private:
  [[nodiscard]] const passthrough_referrer* passthrough_of(std::string_view domain) const;
  [[nodiscard]] bool is_current(std::uint32_t rank) const;

  std::shared_ptr<const compiled_rules> base_;
  std::uint64_t version_;
  std::size_t active_mappings_;
  std::size_t active_passthrough_referrers_;
  std::size_t delta_size_ = 0;

  // The delta. What the base knows of these is no longer so:
  std::vector<std::uint32_t> outdated_ranks_;      // ascending
  std::vector<std::int64_t> outdated_passthrough_; // ids, ascending
  // and this is so instead, the mappings in evaluation order:
  std::vector<std::shared_ptr<const referrer_mapping>> mappings_;
  text_view_map<std::shared_ptr<const passthrough_referrer>> passthrough_;
};

} // namespace headwater::attribution
