#pragma once

// An account's active rules as the resolver uses them: compiled rules, plus a delta of what has
// changed since they were compiled, which is scanned linearly. So a resolve sees every acknowledged
// change, and compiling may take its time. Immutable, shared by any number of threads.

#include "domain/core/keyed_hash.hpp"
#include "domain/resolve/compiled_rules.hpp"
#include "domain/resolve/pattern_match.hpp"

#include <boost/container/small_vector.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// How many regexes one visit may run; what is beyond them counts as one that hit a limit.
inline constexpr std::size_t max_regexes_run = 4'096;

/// The first matching mapping in evaluation order, and the regexes before it that hit a limit and
/// so counted as no match. If the visit's budget was used up, the last of these is the first regex
/// that was not run at all.
struct mapping_match {
  // Pointers into the rule_set.
  const referrer_mapping* rule = nullptr; ///< null: none matches
  std::vector<const referrer_mapping*> limit_hits;
};

/// A mapping that was tried, for an explanation.
struct tried_mapping {
  const referrer_mapping* rule = nullptr; ///< lives as long as the rule_set
  match_result outcome = match_result::no_match;
};

class rule_set {
public:
  /// Compiles the rules here and now.
  explicit rule_set(const account_rules& rules);

  /// `now`, as a delta over a `base` that may be older. The two share what has not changed, so this
  /// costs a comparison and is proportional to the changes only.
  rule_set(std::shared_ptr<const compiled_rules> base, const account_rules& now);

  /// The sequence of the last event that the set reflects.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  /// `host` as returned by host_of_referrer().
  [[nodiscard]] mapping_match match(std::string_view host) const;

  /// Every mapping that could decide for this host, in evaluation order, at most `most` of them:
  /// all that match, and the regexes that were run and did not. For explanations and the linter;
  /// slower than match().
  [[nodiscard]] std::vector<tried_mapping> candidates(std::string_view host,
                                                      std::size_t most) const;

  /// The active passthrough referrer whose domain is the host or its longest parent at a label
  /// boundary; null if there is none.
  [[nodiscard]] const passthrough_referrer* passthrough(std::string_view host) const;

  [[nodiscard]] std::size_t active_mappings() const { return active_mappings_; }
  [[nodiscard]] std::size_t active_passthrough_referrers() const {
    return active_passthrough_referrers_;
  }

  /// The account's settings at that version.
  [[nodiscard]] const attribution_settings& settings() const { return *settings_; }

  [[nodiscard]] const std::shared_ptr<const compiled_rules>& base() const { return base_; }
  /// How many rules were added, removed or changed since the base was compiled.
  [[nodiscard]] std::size_t delta_size() const { return delta_size_; }

private:
  /// Active mappings that may match a host; for regexes that is not certain yet.
  using plausible = boost::container::small_vector<const referrer_mapping*, 16>;

  void add_changed(plausible& to_run, const referrer_mapping*& best, std::string_view host,
                   match_budget& budget) const;
  [[nodiscard]] const passthrough_referrer* passthrough_of(std::string_view domain) const;
  [[nodiscard]] bool is_current(std::uint32_t rank) const;

  std::shared_ptr<const compiled_rules> base_;
  std::uint64_t version_;
  std::shared_ptr<const attribution_settings> settings_;
  std::size_t active_mappings_;
  std::size_t active_passthrough_referrers_;
  std::size_t delta_size_ = 0;

  // The delta. These rules of the base no longer hold:
  std::vector<std::uint32_t> outdated_ranks_;      // ascending
  std::vector<std::int64_t> outdated_passthrough_; // ids, ascending
  // and these hold instead, with the mappings in evaluation order:
  std::vector<std::shared_ptr<const referrer_mapping>> mappings_;
  text_view_map<std::shared_ptr<const passthrough_referrer>> passthrough_;
};

} // namespace headwater::attribution
