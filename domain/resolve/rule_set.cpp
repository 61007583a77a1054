#include "domain/resolve/rule_set.hpp"

#include <boost/container/small_vector.hpp>

#include <algorithm>

namespace headwater::attribution {
namespace {

bool is_regex(const referrer_mapping& rule) {
  return rule.match_type == match_type::regex;
}

/// Active mappings of the base and of the delta that may match a host; for regexes that is not
/// certain yet.
using plausible = boost::container::small_vector<const referrer_mapping*, 16>;

void sort_in_order(plausible& rules) {
  if (rules.size() < 2)
    return;
  std::ranges::sort(rules, {}, [](const auto* rule) { return order_of(*rule); });
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
}

} // namespace

rule_set::rule_set(const account_rules& rules)
    : rule_set(std::make_shared<const compiled_rules>(rules), rules) {}

rule_set::rule_set(std::shared_ptr<const compiled_rules> base, const account_rules& now)
    : base_(std::move(base)), version_(now.version()),
      active_mappings_(now.referrer_mappings().active()),
      active_passthrough_referrers_(now.passthrough_referrers().active()) {
  now.referrer_mappings().each_difference(
      base_->rules().referrer_mappings(), [this](const auto& old, const auto& rule) {
        ++delta_size_;
        if (old && old->is_active)
          outdated_ranks_.push_back(base_->rank_of(order_of(*old)));
        if (rule && rule->is_active)
          mappings_.push_back(rule);
      });
  now.passthrough_referrers().each_difference(base_->rules().passthrough_referrers(),
                                              [this](const auto& old, const auto& rule) {
                                                ++delta_size_;
                                                if (old && old->is_active)
                                                  outdated_passthrough_.push_back(old->id);
                                                if (rule && rule->is_active)
                                                  passthrough_.emplace(rule->domain, rule);
                                              });
  std::ranges::sort(outdated_ranks_);
  std::ranges::sort(mappings_, {}, [](const auto& rule) { return order_of(*rule); });
}

bool rule_set::is_current(std::uint32_t rank) const {
  return outdated_ranks_.empty() || !std::ranges::binary_search(outdated_ranks_, rank);
}

// Cheap candidates first: hash and trie give every match but the regexes', and the best of these
// bounds the rest, since only a regex that comes before it in evaluation order could still decide.
// So a host that an early plain pattern matches runs no regex at all. The delta is scanned in
// evaluation order under the same bound.
mapping_match rule_set::match(std::string_view host) const {
  auto best = static_cast<std::uint32_t>(base_->active_mappings());
  boost::container::small_vector<std::uint32_t, 16> regexes;
  base_->each_plausible(
      host,
      [&](std::uint32_t rank) {
        if (rank < best && is_current(rank))
          best = rank;
      },
      [&](std::uint32_t rank) {
        if (is_current(rank))
          regexes.push_back(rank);
      });
  mapping_match found;
  if (best < base_->active_mappings())
    found.rule = &base_->mapping(best);
  if (regexes.empty() && mappings_.empty())
    return found;

  plausible to_run;
  for (const auto rank : regexes)
    if (rank < best)
      to_run.push_back(&base_->mapping(rank));
  for (const auto& rule : mappings_) {
    if (found.rule && order_of(*found.rule) < order_of(*rule))
      break;
    if (is_regex(*rule)) {
      if (rule->compiled.regex->is_plausible(host))
        to_run.push_back(rule.get());
    } else if (matches(*rule, host)) {
      found.rule = rule.get();
      break;
    }
  }
  sort_in_order(to_run);
  match_budget budget;
  for (const auto* rule : to_run) {
    if (found.rule && order_of(*found.rule) < order_of(*rule))
      break;
    const auto outcome = search(*rule, host, budget);
    if (outcome == match_result::limit_hit)
      found.limit_hits.push_back(rule);
    if (outcome != match_result::match)
      continue;
    found.rule = rule;
    break;
  }
  return found;
}

std::vector<tried_mapping> rule_set::candidates(std::string_view host, std::size_t most) const {
  plausible all;
  const auto take = [&](std::uint32_t rank) {
    if (is_current(rank))
      all.push_back(&base_->mapping(rank));
  };
  base_->each_plausible(host, take, take);
  for (const auto& rule : mappings_)
    if (is_regex(*rule) ? rule->compiled.regex->is_plausible(host) : matches(*rule, host))
      all.push_back(rule.get());
  sort_in_order(all);
  std::vector<tried_mapping> found;
  match_budget budget;
  for (const auto* rule : all) {
    if (found.size() >= most)
      break;
    found.push_back({rule, is_regex(*rule) ? search(*rule, host, budget) : match_result::match});
  }
  return found;
}

const passthrough_referrer* rule_set::passthrough_of(std::string_view domain) const {
  if (!passthrough_.empty())
    if (const auto found = passthrough_.find(domain); found != passthrough_.end())
      return found->second.get();
  const passthrough_referrer* found = nullptr;
  base_->each_passthrough(domain, [&](const passthrough_referrer& rule) {
    if (!std::ranges::binary_search(outdated_passthrough_, rule.id))
      found = &rule;
  });
  return found;
}

const passthrough_referrer* rule_set::passthrough(std::string_view host) const {
  if (active_passthrough_referrers_ == 0)
    return nullptr;
  for (;;) {
    if (const auto* found = passthrough_of(host))
      return found;
    const auto dot = host.find('.');
    if (dot == host.npos)
      return nullptr;
    host.remove_prefix(dot + 1);
  }
}

} // namespace headwater::attribution
