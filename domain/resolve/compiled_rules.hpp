#pragma once

// An account's active rules in the form that finds them fast: immutable, built off the request
// path, shared by any number of threads. rule_set asks it, and adds what changed since.
//
// A host costs about the same whatever the number of rules: exact patterns and passthrough domains
// are found by hash; starts_with, ends_with and contains patterns, and the literals that regexes
// demand, by one pass over the host (substring_index).

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

/// Where a mapping stands in evaluation order: priority descending, then id ascending.
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
  /// Of an account without rules.
  [[nodiscard]] static std::shared_ptr<const compiled_rules> none();

  explicit compiled_rules(account_rules rules);

  /// The rules as they were compiled.
  [[nodiscard]] const account_rules& rules() const { return rules_; }

  // An active mapping is known by its rank: 0 for the first in evaluation order.

  [[nodiscard]] std::size_t active_mappings() const { return mappings_.size(); }
  [[nodiscard]] const referrer_mapping& mapping(std::uint32_t rank) const {
    return *mappings_[rank];
  }
  /// The rank of an active mapping by its place; active_mappings() where there is none.
  [[nodiscard]] std::uint32_t rank_of(const evaluation_order& place) const;

  /// Calls `match(rank)` for each mapping but regexes that matches the host, and `run(rank)` for
  /// each regex that may; some more than once, in no order.
  template <class Match, class Run>
  void each_plausible(std::string_view host, Match&& match, Run&& run) const;

  /// Calls `visit(rule)` for each active passthrough referrer of exactly this domain: one or none.
  template <class Visitor>
  void each_passthrough(std::string_view domain, Visitor&& visit) const {
    by_domain_.each(domain, [&](std::uint32_t at) {
      if (passthrough_[at]->domain == domain)
        visit(*passthrough_[at]);
    });
  }

  /// Compiles regexes that every visit may have to run, a bounded number of them. Others are
  /// compiled when a visit first needs them. Thread-safe.
  void prepare_common_regexes() const;

  /// Memory of the set beyond the rules themselves, with every regex that has been compiled.
  [[nodiscard]] std::size_t bytes() const;

private:
  /// A tag of the substring index is a rank and this, if the text is a literal of a regex.
  static constexpr std::uint32_t is_regex = std::uint32_t{1} << 30U;

  /// An exact pattern's text, side by side with the others: rules lie scattered in memory.
  struct exact_text {
    std::uint32_t rank;
    std::uint32_t begin; ///< in exact_texts_; it ends where the next one begins
  };

  void index(std::uint32_t rank, std::vector<substring_index::text>& into);
  void index_exact(std::uint32_t rank);
  [[nodiscard]] std::string_view text_of(std::uint32_t exact) const {
    return std::string_view(exact_texts_)
        .substr(exact_[exact].begin, exact_[exact + 1].begin - exact_[exact].begin);
  }
  [[nodiscard]] bool is_match(std::uint32_t rank, std::string_view host) const;

  account_rules rules_; // keeps what the pointers below point to
  std::vector<const referrer_mapping*> mappings_;
  std::vector<evaluation_order> order_;
  std::vector<exact_text> exact_; ///< and one that ends the last
  std::string exact_texts_;
  host_table by_exact_text_; ///< of indices into exact_
  substring_index substrings_;
  std::vector<std::uint32_t> without_literal_; ///< regexes that run on every host
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
  // What the bare host contains, the whole one does, too.
  substrings_.each(row, [&](std::uint32_t tag) {
    if ((tag & is_regex) != 0)
      run(tag & ~is_regex);
    else if (is_match(tag, host))
      match(tag);
  });
  // Demanded literals are about ASCII: caseless matching takes some other letters for ASCII ones.
  for (const auto rank : row.is_ascii() ? without_literal_ : regexes_)
    run(rank);
}

} // namespace headwater::attribution
