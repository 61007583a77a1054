#include "domain/rules/rule_store.hpp"

#include "domain/core/keyed_hash.hpp"

#include <algorithm>
#include <unordered_set>

namespace headwater::attribution {

// Why a persistent map: readers keep old versions of an account's rules while the account changes
// them, and each change makes a new version. A std::map would have to be copied as a whole, 50,000
// nodes for one changed rule, or to be locked against every reader.
//
//   chunks_   [0..63] [64..127] ... [49,984..]     shared by copies; a change copies one chunk
//                |        |                        of 64 pointers, never the rules in it
//              rule*    rule*
//
//   index_    root of 32 -> groups of 32 -> leaves, each a sorted list of (hash of text, id)
//
// Copying the store copies the list of about 800 chunk pointers and the root pointer. The index
// holds hashes and ids only: find_text() compares the text itself with the rule's, so a collision
// costs one more look-up and cannot give a wrong answer.
template <class Rule>
std::uint64_t rule_store<Rule>::hash_of(std::string_view text) {
  return text_hash{}(text);
}

template <class Rule>
auto rule_store<Rule>::chunk_of(std::int64_t id) const ->
    typename std::vector<numbered_chunk>::const_iterator {
  return std::ranges::lower_bound(chunks_, id / chunk_size, {}, &numbered_chunk::first);
}

template <class Rule>
auto rule_store<Rule>::find(std::int64_t id) const -> pointer {
  if (id < 1)
    return nullptr;
  const auto at = chunk_of(id);
  if (at == chunks_.end() || at->first != id / chunk_size)
    return nullptr;
  return at->second->rules[static_cast<std::size_t>(id % chunk_size)];
}

template <class Rule>
auto rule_store<Rule>::find_shard(std::uint64_t hash) const -> const shard* {
  if (!index_)
    return nullptr;
  const auto& group = (*index_)[hash % fan_out];
  if (!group)
    return nullptr;
  const auto& leaf = (*group)[hash / fan_out % fan_out];
  return leaf ? &*leaf : nullptr;
}

template <class Rule>
auto rule_store<Rule>::edit_shard(std::uint64_t hash) -> shard& {
  return index_.edit()[hash % fan_out].edit()[hash / fan_out % fan_out].edit();
}

template <class Rule>
auto rule_store<Rule>::find_text(std::string_view text) const -> pointer {
  const auto hash = hash_of(text);
  const auto* part = find_shard(hash);
  if (!part)
    return nullptr;
  for (auto at = std::ranges::lower_bound(*part, hash, {}, &index_entry::hash);
       at != part->end() && at->hash == hash; ++at)
    if (auto rule = find(at->id); rule && unique_text(*rule) == text)
      return rule;
  return nullptr;
}

template <class Rule>
auto rule_store<Rule>::all() const -> std::vector<pointer> {
  std::vector<pointer> rules;
  rules.reserve(total_);
  for (const auto& rule : *this)
    rules.push_back(rule);
  return rules;
}

template <class Rule>
void rule_store<Rule>::iterator::pass_free_places() {
  for (const auto& chunks = of_->chunks_; chunk_ < chunks.size(); ++chunk_, place_ = 0)
    for (; place_ < chunk_size; ++place_)
      if (chunks[chunk_].second->rules[place_])
        return;
}

template <class Rule>
void rule_store<Rule>::index(const Rule& rule) {
  const index_entry entry{hash_of(unique_text(rule)), rule.id};
  auto& part = edit_shard(entry.hash);
  part.insert(std::ranges::lower_bound(part, entry), entry);
}

template <class Rule>
void rule_store<Rule>::unindex(const Rule& rule) {
  const index_entry entry{hash_of(unique_text(rule)), rule.id};
  auto& part = edit_shard(entry.hash);
  part.erase(std::ranges::lower_bound(part, entry));
}

template <class Rule>
bool rule_store<Rule>::insert(Rule&& rule) {
  if (rule.id < next_id_ || find_text(unique_text(rule)))
    return false;
  next_id_ = rule.id + 1;
  add(std::move(rule));
  return true;
}

template <class Rule>
bool rule_store<Rule>::put_back(Rule rule) {
  if (rule.id < 1 || rule.id >= next_id_ || find(rule.id) || find_text(unique_text(rule)))
    return false;
  add(std::move(rule));
  return true;
}

template <class Rule>
void rule_store<Rule>::add(Rule rule) {
  const auto id = rule.id;
  auto at = chunks_.begin() + (chunk_of(id) - chunks_.begin());
  if (at == chunks_.end() || at->first != id / chunk_size)
    at = chunks_.emplace(at, id / chunk_size, copy_on_write<chunk>());
  index(rule);
  active_ += rule.is_active ? 1 : 0;
  auto& part = at->second.edit();
  part.rules[static_cast<std::size_t>(id % chunk_size)] =
      std::make_shared<const Rule>(std::move(rule));
  ++part.used;
  ++total_;
}

template <class Rule>
bool rule_store<Rule>::replace(Rule rule) {
  const auto old = find(rule.id);
  if (!old)
    return false;
  if (unique_text(*old) != unique_text(rule)) {
    if (find_text(unique_text(rule)))
      return false;
    unindex(*old);
    index(rule);
  }
  put(*old, std::move(rule));
  return true;
}

template <class Rule>
void rule_store<Rule>::put(const Rule& old, Rule rule) {
  active_ = active_ - (old.is_active ? 1 : 0) + (rule.is_active ? 1 : 0);
  const auto id = rule.id;
  auto& part = chunks_[static_cast<std::size_t>(chunk_of(id) - chunks_.begin())].second.edit();
  part.rules[static_cast<std::size_t>(id % chunk_size)] =
      std::make_shared<const Rule>(std::move(rule));
}

// All changed texts leave the index before any new one enters, so two rules may swap their texts;
// one rule after the other would find the first new text taken. It happens on a copy, which is
// cheap, so a refusal half way leaves nothing behind.
template <class Rule>
bool rule_store<Rule>::replace_all(std::vector<Rule> rules) {
  auto next = *this;
  std::unordered_set<std::int64_t> ids;
  for (const auto& rule : rules) {
    const auto old = find(rule.id);
    if (!old || !ids.insert(rule.id).second)
      return false;
    if (unique_text(*old) != unique_text(rule))
      next.unindex(*old);
  }
  for (auto& rule : rules) {
    const auto old = find(rule.id);
    if (unique_text(*old) != unique_text(rule)) {
      if (next.find_text(unique_text(rule)))
        return false;
      next.index(rule);
    }
    next.put(*old, std::move(rule));
  }
  *this = std::move(next);
  return true;
}

template <class Rule>
bool rule_store<Rule>::erase(std::int64_t id) {
  const auto old = find(id);
  if (!old)
    return false;
  unindex(*old);
  const auto at = chunks_.begin() + (chunk_of(id) - chunks_.begin());
  auto& part = at->second.edit();
  part.rules[static_cast<std::size_t>(id % chunk_size)].reset();
  if (--part.used == 0)
    chunks_.erase(at);
  --total_;
  active_ -= old->is_active ? 1 : 0;
  return true;
}

template class rule_store<passthrough_referrer>;
template class rule_store<referrer_mapping>;

} // namespace headwater::attribution
