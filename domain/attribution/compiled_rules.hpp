#pragma once

// An account's active rules in the form that finds them fast: immutable, built off the request
// path, shared by any number of threads. rule_set asks it, and adds what changed since.
//
// A host costs the same whatever the number of rules: exact patterns and passthrough domains are
// found by hash, starts_with and ends_with by one walk through a trie each, contains by a trie that
// is walked only where four symbols of the host say so, and regexes through literals that they
// demand, which stand among the contains patterns.

#include "domain/attribution/host.hpp"
#include "domain/attribution/host_table.hpp"
#include "domain/attribution/rules.hpp"
#include "domain/attribution/substring_index.hpp"

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
  // What a tag of a trie says besides the rank.
  static constexpr std::uint32_t is_regex = std::uint32_t{1} << 30U;
  static constexpr std::uint32_t needs_look = std::uint32_t{1} << 29U; ///< the trie holds a part
  static constexpr std::uint32_t rank_mask = needs_look - 1;

  struct pieces;
  void index(std::uint32_t rank, pieces& into);
  void index_regex(std::uint32_t rank, pieces& into);

  template <class Match, class Run>
  void tell(std::uint32_t tag, std::string_view host, Match& match, Run& run) const;
  [[nodiscard]] bool matches_closely(std::uint32_t rank, std::string_view host) const;
  [[nodiscard]] bool is_exactly(std::uint32_t rank, std::string_view name) const;

  account_rules rules_; // keeps what the pointers below point to
  std::vector<const referrer_mapping*> mappings_;
  std::vector<evaluation_order> order_;
  host_table exact_;
  pattern_trie starts_;
  pattern_trie ends_; ///< backwards
  substring_index contains_;
  std::vector<std::uint32_t> without_literal_; ///< regexes that run on every host
  std::vector<std::uint32_t> regexes_;
  std::vector<const passthrough_referrer*> passthrough_;
  host_table by_domain_;
};

template <class Match, class Run>
void compiled_rules::tell(std::uint32_t tag, std::string_view host, Match& match, Run& run) const {
  const auto rank = tag & rank_mask;
  if ((tag & is_regex) != 0)
    run(rank);
  else if ((tag & needs_look) == 0 || matches_closely(rank, host))
    match(rank);
}

template <class Match, class Run>
void compiled_rules::each_plausible(std::string_view host, Match&& match, Run&& run) const {
  const auto bare = without_www(host);
  const bool has_www = bare.size() != host.size();
  for (const auto name : {host, bare}) {
    exact_.each(name, [&](std::uint32_t rank) {
      if (is_exactly(rank, name))
        match(rank);
    });
    if (!has_www)
      break;
  }
  const host_symbols row(host);
  const auto told = [&](std::uint32_t tag) { tell(tag, host, match, run); };
  starts_.walk(row.begin(), row.end(), told);
  if (has_www)
    starts_.walk(row.begin() + (host.size() - bare.size()), row.end(), told);
  // What the bare host ends with or contains, the whole one does, too.
  ends_.walk_back(row.begin(), row.end(), told);
  contains_.each(row, told);
  // Demanded literals are about ASCII: caseless matching takes some other letters for ASCII ones.
  for (const auto rank : row.is_ascii() ? without_literal_ : regexes_)
    run(rank);
}

} // namespace headwater::attribution
