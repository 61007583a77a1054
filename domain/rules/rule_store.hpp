#pragma once

// The rules of one kind by id, as a persistent map: copies share everything, a change copies one
// chunk of 64 rules and one shard of the index that finds a rule by its unique text, with the way
// from the root to it. Part of account_rules, which owns it; no thread of its own.

#include "domain/core/copy_on_write.hpp"
#include "domain/matching/regex.hpp"
#include "domain/rules/passthrough_referrer.hpp"
#include "domain/rules/referrer_mapping.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// The text that is unique per account and kind.
[[nodiscard]] inline const std::string& unique_text(const passthrough_referrer& rule) {
  return rule.domain;
}
[[nodiscard]] inline const std::string& unique_text(const referrer_mapping& rule) {
  return rule.referrer_pattern;
}

template <class Rule>
class rule_store {
public:
  using pointer = std::shared_ptr<const Rule>;

  [[nodiscard]] pointer find(std::int64_t id) const;
  [[nodiscard]] pointer find_text(std::string_view text) const;

  [[nodiscard]] std::size_t total() const { return total_; }
  [[nodiscard]] std::size_t active() const { return active_; }
  /// The memory of the rules' compiled patterns; shared by all copies of the store.
  [[nodiscard]] const std::shared_ptr<regex_memory>& patterns() const { return patterns_; }
  /// The id of the next rule; ids are never reused.
  [[nodiscard]] std::int64_t next_id() const { return next_id_; }

  /// Goes over all rules, ids ascending, and holds no memory while it waits between two of them.
  class iterator {
  public:
    explicit iterator(const rule_store& of) : of_(&of) { pass_free_places(); }
    const pointer& operator*() const { return of_->chunks_[chunk_].second->rules[place_]; }
    iterator& operator++() {
      ++place_;
      pass_free_places();
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return chunk_ == of_->chunks_.size(); }

  private:
    void pass_free_places();

    const rule_store* of_;
    std::size_t chunk_ = 0;
    std::size_t place_ = 0;
  };
  [[nodiscard]] iterator begin() const { return iterator{*this}; }
  [[nodiscard]] static std::default_sentinel_t end() { return {}; }

  /// Calls `visit(const pointer&)` for each rule, ids ascending.
  template <class Visitor>
  void each(Visitor&& visit) const {
    for (const auto& rule : *this)
      visit(rule);
  }

  /// Calls `visit(before, now)` for each id under which the two stores hold different rules,
  /// ascending; one of the two is null if only the other store has the id. Copies share what has
  /// not changed, so this costs one comparison per chunk and a look into those that differ.
  template <class Visitor>
  void each_difference(const rule_store& older, Visitor&& visit) const;

  /// All rules, ids ascending.
  [[nodiscard]] std::vector<pointer> all() const;

  /// Ids below `next` count as used.
  void reserve_ids(std::int64_t next) { next_id_ = std::max(next_id_, next); }
  /// False, and nothing changes, not even the rule, if the id is below next_id() or the text is
  /// taken.
  [[nodiscard]] bool insert(Rule&& rule);
  /// Puts a rule back under an id that was used before. False, and nothing changes, if the id is
  /// next_id() or above, or in use, or the text is taken.
  [[nodiscard]] bool put_back(Rule rule);
  /// False, and nothing changes, if there is no such id, or another rule has the text.
  [[nodiscard]] bool replace(Rule rule);
  /// Replaces many rules at once, so that a text may move from one of them to another. False, and
  /// nothing changes, if an id is missing or given twice, or a text would be taken twice.
  [[nodiscard]] bool replace_all(std::vector<Rule> rules);
  /// False if there is no such id.
  [[nodiscard]] bool erase(std::int64_t id);

private:
  static constexpr std::int64_t chunk_size = 64;
  // The index is a tree of two levels with 1,024 leaves, so that a change among 50,000 rules copies
  // two nodes of 32 pointers and one leaf of about 50 entries.
  static constexpr std::size_t fan_out = 32;

  struct chunk {
    std::array<pointer, chunk_size> rules;
    std::size_t used = 0;
  };
  struct index_entry {
    std::uint64_t hash;
    std::int64_t id;
    auto operator<=>(const index_entry&) const = default;
  };
  using shard = std::vector<index_entry>; // ascending
  using shard_group = std::array<copy_on_write<shard>, fan_out>;
  using index_root = std::array<copy_on_write<shard_group>, fan_out>;
  using numbered_chunk = std::pair<std::int64_t, copy_on_write<chunk>>;

  [[nodiscard]] static std::uint64_t hash_of(std::string_view text);
  [[nodiscard]] typename std::vector<numbered_chunk>::const_iterator
  chunk_of(std::int64_t id) const;
  [[nodiscard]] const shard* find_shard(std::uint64_t hash) const;
  [[nodiscard]] shard& edit_shard(std::uint64_t hash);
  void index(const Rule& rule);
  void unindex(const Rule& rule);
  /// Adds a rule under a free id, with a free text.
  void add(Rule rule);
  /// Replaces `old`, which has the same id.
  void put(const Rule& old, Rule rule);

  std::vector<numbered_chunk> chunks_; // ascending numbers, none empty
  copy_on_write<index_root> index_;
  std::size_t total_ = 0;
  std::size_t active_ = 0;
  std::int64_t next_id_ = 1;
  std::shared_ptr<regex_memory> patterns_ = std::make_shared<regex_memory>();
};

template <class Rule>
template <class Visitor>
void rule_store<Rule>::each_difference(const rule_store& older, Visitor&& visit) const {
  static const pointer none;
  const auto compare = [&visit](const chunk* before, const chunk* now) {
    for (std::size_t i = 0; before != now && i < chunk_size; ++i) {
      const auto& was = before ? before->rules[i] : none;
      const auto& is = now ? now->rules[i] : none;
      if (was != is)
        visit(was, is);
    }
  };
  auto now = chunks_.begin();
  auto before = older.chunks_.begin();
  while (now != chunks_.end() || before != older.chunks_.end()) {
    const bool is_new =
        before == older.chunks_.end() || (now != chunks_.end() && now->first < before->first);
    const bool is_gone = now == chunks_.end() || (!is_new && before->first < now->first);
    compare(is_new ? nullptr : &*(before++)->second, is_gone ? nullptr : &*(now++)->second);
  }
}

extern template class rule_store<passthrough_referrer>;
extern template class rule_store<referrer_mapping>;

} // namespace headwater::attribution
