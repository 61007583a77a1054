#include "domain/resolve/compiled_rules.hpp"

#include "domain/resolve/pattern_match.hpp"

#include <algorithm>

namespace headwater::attribution {

namespace {

bool has_www(std::string_view pattern) {
  return without_www(pattern).size() != pattern.size();
}

} // namespace

std::shared_ptr<const compiled_rules> compiled_rules::none() {
  static const auto empty = std::make_shared<const compiled_rules>(account_rules{});
  return empty;
}

compiled_rules::compiled_rules(account_rules rules)
    : rules_(std::move(rules)), by_domain_(rules_.passthrough_referrers().active()) {
  mappings_.reserve(rules_.referrer_mappings().active());
  std::size_t exact_keys = 0;
  rules_.referrer_mappings().each([&](const auto& rule) {
    if (!rule->is_active)
      return;
    mappings_.push_back(rule.get());
    if (rule->match_type == match_type::exact)
      exact_keys += has_www(rule->referrer_pattern) ? 2 : 1;
  });
  std::ranges::sort(mappings_, {}, [](const auto* rule) { return order_of(*rule); });
  order_.reserve(mappings_.size());
  by_exact_text_ = host_table(exact_keys);
  std::vector<substring_index::text> substrings;
  for (std::uint32_t rank = 0; rank < mappings_.size(); ++rank) {
    order_.push_back(order_of(*mappings_[rank]));
    index(rank, substrings);
  }
  exact_.push_back({0, static_cast<std::uint32_t>(exact_texts_.size())});
  substrings_ = substring_index(substrings);
  passthrough_.reserve(rules_.passthrough_referrers().active());
  rules_.passthrough_referrers().each([&](const auto& rule) {
    if (!rule->is_active)
      return;
    by_domain_.insert(rule->domain, static_cast<std::uint32_t>(passthrough_.size()));
    passthrough_.push_back(rule.get());
  });
}

void compiled_rules::index(std::uint32_t rank, std::vector<substring_index::text>& into) {
  const auto& rule = *mappings_[rank];
  switch (rule.match_type) {
  case match_type::exact:
    index_exact(rank);
    return;
  case match_type::contains:
  case match_type::starts_with:
  case match_type::ends_with:
    into.push_back({rule.referrer_pattern, rank});
    return;
  case match_type::regex:
    regexes_.push_back(rank);
    for (const auto& each : rule.compiled.regex->literals())
      into.push_back({each, rank | is_regex});
    if (rule.compiled.regex->literals().empty())
      without_literal_.push_back(rank);
    return;
  }
}

void compiled_rules::index_exact(std::uint32_t rank) {
  const std::string_view pattern = mappings_[rank]->referrer_pattern;
  const auto exact = static_cast<std::uint32_t>(exact_.size());
  by_exact_text_.insert(pattern, exact);
  if (has_www(pattern))
    by_exact_text_.insert(without_www(pattern), exact);
  exact_.push_back({rank, static_cast<std::uint32_t>(exact_texts_.size())});
  exact_texts_ += pattern;
}

std::uint32_t compiled_rules::rank_of(const evaluation_order& place) const {
  const auto at = std::ranges::lower_bound(order_, place);
  if (at == order_.end() || *at != place)
    return static_cast<std::uint32_t>(order_.size());
  return static_cast<std::uint32_t>(at - order_.begin());
}

bool compiled_rules::is_match(std::uint32_t rank, std::string_view host) const {
  return matches(*mappings_[rank], host);
}

void compiled_rules::prepare_common_regexes() const {
  constexpr std::size_t most = 1'000; // about 60 ms
  for (std::size_t i = 0; i < std::min(most, without_literal_.size()); ++i)
    static_cast<void>(mappings_[without_literal_[i]]->compiled.regex->get());
}

std::size_t compiled_rules::bytes() const {
  const auto size_of = []<class Items>(const Items& items) {
    return items.capacity() * sizeof(typename Items::value_type);
  };
  auto total = sizeof *this + size_of(mappings_) + size_of(order_) + size_of(without_literal_) +
               size_of(regexes_) + size_of(passthrough_) + size_of(exact_) + size_of(exact_texts_) +
               by_exact_text_.bytes() + by_domain_.bytes() + substrings_.bytes();
  for (const auto rank : regexes_) {
    const auto& regex = *mappings_[rank]->compiled.regex;
    total += regex.bytes();
    for (const auto& literal : regex.literals())
      total += sizeof literal + literal.capacity();
  }
  return total;
}

} // namespace headwater::attribution
