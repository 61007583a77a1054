#include "domain/resolve/rule_set.hpp"

#include <algorithm>
#include <bit>

namespace headwater::attribution {
namespace {

bool is_regex(const referrer_mapping& rule) {
  return rule.match_type == match_type::regex;
}

using rank_list = boost::container::small_vector<std::uint32_t, 16>;

/// Puts the ranks in evaluation order, each once, and keeps the first `most`. Their rules lie
/// scattered in memory, so only numbers are sorted; and with tens of thousands of them, marking
/// bits takes a tenth of the time that sorting does.
void put_in_order(rank_list& ranks, std::size_t most, std::size_t active) {
  constexpr std::size_t many = 256;
  constexpr std::uint32_t bits = 64;
  if (ranks.size() <= many) {
    std::ranges::sort(ranks);
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    ranks.resize(std::min(ranks.size(), most));
    return;
  }
  std::vector<std::uint64_t> marked(active / bits + 1);
  for (const auto rank : ranks)
    marked[rank / bits] |= std::uint64_t{1} << (rank % bits);
  ranks.clear();
  for (std::uint32_t at = 0; at < marked.size(); ++at)
    for (auto left = marked[at]; left != 0; left &= left - 1) {
      if (ranks.size() == most)
        return;
      ranks.push_back(at * bits + static_cast<std::uint32_t>(std::countr_zero(left)));
    }
}

} // namespace

rule_set::rule_set(const account_rules& rules)
    : rule_set(std::make_shared<const compiled_rules>(rules), rules) {}

rule_set::rule_set(std::shared_ptr<const compiled_rules> base, const account_rules& now)
    : base_(std::move(base)), version_(now.version()), settings_(now.shared_settings()),
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
  const auto active = static_cast<std::uint32_t>(base_->active_mappings());
  auto best = active;
  rank_list regexes;
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
  if (best < active)
    found.rule = &base_->mapping(best);
  if (regexes.empty() && mappings_.empty())
    return found;

  match_budget budget;
  plausible to_run;
  // Not std::ranges::remove_if, whose result clang 14 cannot compile.
  regexes.erase(
      std::remove_if(regexes.begin(), regexes.end(), [best](auto rank) { return rank > best; }),
      regexes.end());
  // One more than may run, to name the first that did not.
  put_in_order(regexes, max_regexes_run + 1, active);
  for (const auto rank : regexes)
    to_run.push_back(&base_->mapping(rank));
  add_changed(to_run, found.rule, host, budget);
  for (std::size_t i = 0; i < to_run.size(); ++i) {
    const auto* rule = to_run[i];
    if (found.rule && order_of(*found.rule) < order_of(*rule))
      break;
    const auto outcome = i < max_regexes_run ? search(*rule, host, budget) : match_result::not_run;
    if (outcome == match_result::limit_hit || outcome == match_result::not_run)
      found.limit_hits.push_back(rule);
    if (outcome == match_result::not_run)
      break; // so would all others
    if (outcome != match_result::match)
      continue;
    found.rule = rule;
    break;
  }
  return found;
}

/// Scans the delta in evaluation order, up to the first plain pattern that matches, which becomes
/// `best` if it comes before that. Regexes that may match join `to_run`, which is in order and
/// stays so. Reading the literals of new regexes takes time, so once that is used up, they all
/// join.
void rule_set::add_changed(plausible& to_run, const referrer_mapping*& best, std::string_view host,
                           match_budget& budget) const {
  constexpr std::size_t between_looks = 64;
  const auto of_base = to_run.size();
  std::size_t scanned = 0;
  bool has_time = true;
  for (const auto& rule : mappings_) {
    if (best && order_of(*best) < order_of(*rule))
      break;
    if (is_regex(*rule)) {
      if (has_time && ++scanned % between_looks == 0)
        has_time = budget.has_time();
      if (!has_time || rule->compiled.regex->is_plausible(host))
        to_run.push_back(rule.get());
    } else if (matches(*rule, host)) {
      best = rule.get();
      break;
    }
  }
  if (of_base < to_run.size())
    std::ranges::inplace_merge(to_run, to_run.begin() + static_cast<std::ptrdiff_t>(of_base), {},
                               [](const auto* rule) { return order_of(*rule); });
}

std::vector<tried_mapping> rule_set::candidates(std::string_view host, std::size_t most) const {
  rank_list ranks;
  const auto take = [&](std::uint32_t rank) {
    if (is_current(rank))
      ranks.push_back(rank);
  };
  base_->each_plausible(host, take, take);
  put_in_order(ranks, most, base_->active_mappings());
  plausible all;
  for (const auto rank : ranks)
    all.push_back(&base_->mapping(rank));
  for (const auto& rule : mappings_)
    if (is_regex(*rule) ? rule->compiled.regex->is_plausible(host) : matches(*rule, host))
      all.push_back(rule.get());
  std::ranges::inplace_merge(all, all.begin() + static_cast<std::ptrdiff_t>(ranks.size()), {},
                             [](const auto* rule) { return order_of(*rule); });
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
