#include "domain/attribution/compiled_rules.hpp"

#include "domain/attribution/pattern_match.hpp"

#include <algorithm>

namespace headwater::attribution {

struct compiled_rules::pieces {
  std::vector<pattern_trie::piece> starts;
  std::vector<pattern_trie::piece> ends;
  std::vector<pattern_trie::piece> contains;
};

std::shared_ptr<const compiled_rules> compiled_rules::none() {
  static const auto empty = std::make_shared<const compiled_rules>(account_rules{});
  return empty;
}

compiled_rules::compiled_rules(account_rules rules)
    : rules_(std::move(rules)), by_domain_(rules_.passthrough_referrers().active()) {
  mappings_.reserve(rules_.referrer_mappings().active());
  std::size_t exact = 0;
  rules_.referrer_mappings().each([&](const auto& rule) {
    if (!rule->is_active)
      return;
    mappings_.push_back(rule.get());
    exact += rule->match_type == match_type::exact ? 1 : 0;
  });
  std::ranges::sort(mappings_, {}, [](const auto* rule) { return order_of(*rule); });
  order_.reserve(mappings_.size());
  exact_ = host_table(2 * exact);
  pieces found;
  for (std::uint32_t rank = 0; rank < mappings_.size(); ++rank) {
    order_.push_back(order_of(*mappings_[rank]));
    index(rank, found);
  }
  starts_ = pattern_trie(std::move(found.starts));
  ends_ = pattern_trie(std::move(found.ends));
  contains_ = substring_index(std::move(found.contains));
  passthrough_.reserve(rules_.passthrough_referrers().active());
  rules_.passthrough_referrers().each([&](const auto& rule) {
    if (!rule->is_active)
      return;
    by_domain_.insert(rule->domain, static_cast<std::uint32_t>(passthrough_.size()));
    passthrough_.push_back(rule.get());
  });
}

void compiled_rules::index(std::uint32_t rank, pieces& into) {
  const auto& rule = *mappings_[rank];
  const std::string_view pattern = rule.referrer_pattern;
  const bool is_part =
      pattern.size() > longest_piece || std::ranges::any_of(pattern, shares_symbol);
  const auto tag = is_part ? rank | needs_look : rank;
  switch (rule.match_type) {
  case match_type::exact:
    exact_.insert(pattern, rank);
    if (const auto bare = without_www(pattern); bare.size() != pattern.size())
      exact_.insert(bare, rank);
    return;
  case match_type::contains:
    into.contains.push_back({piece_of(pattern), tag});
    return;
  case match_type::starts_with:
    into.starts.push_back({piece_of(pattern), tag});
    return;
  case match_type::ends_with:
    into.ends.push_back({reversed_piece_of(pattern), tag});
    return;
  case match_type::regex:
    index_regex(rank, into);
    return;
  }
}

void compiled_rules::index_regex(std::uint32_t rank, pieces& into) {
  regexes_.push_back(rank);
  const auto& literals = mappings_[rank]->compiled.regex->literals();
  for (const auto& each : literals)
    into.contains.push_back({piece_of(each), rank | is_regex});
  if (literals.empty())
    without_literal_.push_back(rank);
}

std::uint32_t compiled_rules::rank_of(const evaluation_order& place) const {
  const auto at = std::ranges::lower_bound(order_, place);
  if (at == order_.end() || *at != place)
    return static_cast<std::uint32_t>(order_.size());
  return static_cast<std::uint32_t>(at - order_.begin());
}

bool compiled_rules::matches_closely(std::uint32_t rank, std::string_view host) const {
  return matches(*mappings_[rank], host);
}

bool compiled_rules::is_exactly(std::uint32_t rank, std::string_view name) const {
  const std::string_view pattern = mappings_[rank]->referrer_pattern;
  return name == pattern || name == without_www(pattern);
}

void compiled_rules::prepare_common_regexes() const {
  constexpr std::size_t most = 1'000; // about 60 ms
  for (std::size_t i = 0; i < std::min(most, without_literal_.size()); ++i)
    static_cast<void>(mappings_[without_literal_[i]]->compiled.regex->get());
}

std::size_t compiled_rules::bytes() const {
  const auto size_of = [](const auto& items) { return items.capacity() * sizeof(*items.data()); };
  auto total = sizeof *this + size_of(mappings_) + size_of(order_) + size_of(without_literal_) +
               size_of(regexes_) + size_of(passthrough_) + exact_.bytes() + by_domain_.bytes() +
               starts_.bytes() + ends_.bytes() + contains_.bytes();
  for (const auto rank : regexes_) {
    const auto& regex = *mappings_[rank]->compiled.regex;
    total += regex.bytes();
    for (const auto& literal : regex.literals())
      total += sizeof literal + literal.capacity();
  }
  return total;
}

} // namespace headwater::attribution
