#pragma once

// An account's active rules in the form that finds them fast: immutable, built off the request
// path, shared by any number of threads. rule_set asks it, and adds what has changed since.
//
// A host costs about the same whatever the number of rules. Exact patterns and passthrough domains
// are found by hash; starts_with, ends_with and contains patterns, and the literals that regexes
// require, in one pass over the host (substring_index).

#include "domain/hosts/host.hpp"
#include "domain/matching/host_table.hpp"
#include "domain/matching/substring_index.hpp"
#include "domain/rules/rules.hpp"

#include <compare>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// A mapping's place in evaluation order: priority descending, then id ascending.
struct evaluation_order {
  std::int64_t reversed_priority = 0;
  std::int64_t id = 0;
  auto operator<=>(const evaluation_order&) const = default;
};

[[nodiscard]] inline evaluation_order order_of(const referrer_mapping& rule) {
  return {-rule.priority, rule.id};
}

class compiled_rules {
public:
  /// For an account without rules.
  [[nodiscard]] static std::shared_ptr<const compiled_rules> none();

  explicit compiled_rules(account_rules rules);

  /// The rules as they were compiled.
  [[nodiscard]] const account_rules& rules() const { return rules_; }

  // An active mapping is identified by its rank: 0 for the first in evaluation order.

  [[nodiscard]] std::size_t active_mappings() const { return mappings_.size(); }
  [[nodiscard]] const referrer_mapping& mapping(std::uint32_t rank) const {
    return *mappings_[rank];
  }
  /// The rank of an active mapping by its place; active_mappings() where there is none.
  [[nodiscard]] std::uint32_t rank_of(const evaluation_order& place) const;

  /// Calls `match(rank)` for each mapping other than a regex that matches the host, and `run(rank)`
  /// for each regex that may match; for some more than once, and in no particular order.
  template <class Match, class Run>
  void each_plausible(std::string_view host, Match&& match, Run&& run) const;

  /// Calls `visit(rule)` for the active passthrough referrer of exactly this domain, if there is
  /// one.
  template <class Visitor>
  void each_passthrough(std::string_view domain, Visitor&& visit) const {
    by_domain_.each(domain, [&](std::uint32_t at) {
      if (passthrough_[at]->domain == domain)
        visit(*passthrough_[at]);
    });
  }

  /// Compiles the regexes that any visit may have to run, up to a bounded number. Others are
  /// compiled when a visit first needs them. Thread-safe.
  void prepare_common_regexes() const;

  /// Memory of the set besides the rules themselves, including every regex compiled so far.
  [[nodiscard]] std::size_t bytes() const;

private:
  /// A tag of the substring index is a rank, plus this bit if the text is a literal of a regex.
  static constexpr std::uint32_t is_regex = std::uint32_t{1} << 30U;

  /// The text of an exact pattern. They lie side by side, while the rules are scattered in memory.
  struct exact_text {
    std::uint32_t rank;
    std::uint32_t begin; ///< in exact_texts_; ends where the next one begins
  };

  void index(std::uint32_t rank, std::vector<substring_index::text>& into);
  void index_exact(std::uint32_t rank);
  [[nodiscard]] std::string_view text_of(std::uint32_t exact) const {
    return std::string_view(exact_texts_)
        .substr(exact_[exact].begin, exact_[exact + 1].begin - exact_[exact].begin);
  }
  [[nodiscard]] bool is_match(std::uint32_t rank, std::string_view host) const;

  account_rules rules_; // owns what the pointers below point to
  std::vector<const referrer_mapping*> mappings_;
  std::vector<evaluation_order> order_;
  std::vector<exact_text> exact_; ///< with an extra one at the end, which marks where the last ends
  std::string exact_texts_;
  host_table by_exact_text_; ///< of indices into exact_
  substring_index substrings_;
  std::vector<std::uint32_t> without_literal_; ///< regexes that must run on every host
  std::vector<std::uint32_t> regexes_;
  std::vector<const passthrough_referrer*> passthrough_;
  host_table by_domain_;
};

template <class Match, class Run>
void compiled_rules::each_plausible(std::string_view host, Match&& match, Run&& run) const {
  const auto bare = without_www(host);
  const auto find_exact = [&](std::string_view name) {
    by_exact_text_.each(name, [&](std::uint32_t exact) {
      const auto text = text_of(exact);
      if (name == text || name == without_www(text))
        match(exact_[exact].rank);
    });
  };
  find_exact(host);
  if (bare.size() != host.size())
    find_exact(bare);
  const host_symbols row(host);
  // Whatever the bare host contains, the whole host contains as well.
  substrings_.each(row, [&](std::uint32_t tag) {
    if ((tag & is_regex) != 0)
      run(tag & ~is_regex);
    else if (is_match(tag, host))
      match(tag);
  });
  // Required literals hold for ASCII hosts only: caseless matching equates some other letters with
  // ASCII ones.
  for (const auto rank : row.is_ascii() ? without_literal_ : regexes_)
    run(rank);
}

} // namespace headwater::attribution
