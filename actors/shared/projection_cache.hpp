#pragma once

// A bounded, thread-safe cache of rows of a projection table: tokens by hash, accounts by id,
// connections by id. A million rows on disk cost no memory; the hot ones cost no read.
//
// Invariant (read your writes): once put() has returned, no find() returns an older value. A reader
// that fills the cache from the database calls generation() before it reads and offers the value
// with insert(); a put() in between invalidates the offer, so a slow reader cannot bring back a
// value that a writer has just replaced.

#include "domain/core/keyed_hash.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace headwater::actors {

template <class Key, class Value>
class projection_cache {
public:
  using value_ptr = std::shared_ptr<Value>;

  /// Keeps at most about `capacity` values, the most recently used ones of each shard.
  explicit projection_cache(std::size_t capacity) : per_shard_(capacity / shard_count + 1) {}

  /// The cached value, or null if it is not cached, which says nothing about the database.
  [[nodiscard]] value_ptr find(const Key& key) {
    auto& in = shard_of(key);
    std::lock_guard hold{in.lock};
    auto found = in.index.find(key);
    if (found == in.index.end())
      return nullptr;
    in.order.splice(in.order.begin(), in.order, found->second);
    return found->second->second;
  }

  [[nodiscard]] std::uint64_t generation(const Key& key) {
    return shard_of(key).generation.load(std::memory_order_acquire);
  }

  /// A writer's value; replaces whatever is cached.
  void put(const Key& key, value_ptr value) {
    auto& in = shard_of(key);
    std::lock_guard hold{in.lock};
    in.generation.fetch_add(1, std::memory_order_acq_rel);
    store(in, key, std::move(value));
  }

  /// A reader's value, read after generation() returned `generation`. Returns what the cache holds
  /// now, or the offered value, uncached, if a writer came in between.
  value_ptr insert(const Key& key, value_ptr value, std::uint64_t generation) {
    auto& in = shard_of(key);
    std::lock_guard hold{in.lock};
    if (auto found = in.index.find(key); found != in.index.end())
      return found->second->second;
    if (in.generation.load(std::memory_order_acquire) == generation)
      store(in, key, value);
    return value;
  }

  void erase(const Key& key) {
    auto& in = shard_of(key);
    std::lock_guard hold{in.lock};
    in.generation.fetch_add(1, std::memory_order_acq_rel);
    if (auto found = in.index.find(key); found != in.index.end()) {
      in.order.erase(found->second);
      in.index.erase(found);
    }
  }

  /// All cached values, for sweeps.
  [[nodiscard]] std::vector<value_ptr> values() {
    std::vector<value_ptr> out;
    for (auto& in : shards_) {
      std::lock_guard hold{in.lock};
      for (auto& [key, value] : in.order)
        out.push_back(value);
    }
    return out;
  }

private:
  static constexpr std::size_t shard_count = 16;

  using entry = std::pair<Key, value_ptr>;

  struct shard {
    std::mutex lock;
    std::atomic<std::uint64_t> generation = 0;
    std::list<entry> order; // most recently used first
    keyed_map<Key, typename std::list<entry>::iterator> index;
  };

  shard& shard_of(const Key& key) { return shards_[keyed_hash<Key>{}(key) % shard_count]; }

  void store(shard& in, const Key& key, value_ptr value) {
    if (auto found = in.index.find(key); found != in.index.end()) {
      found->second->second = std::move(value);
      in.order.splice(in.order.begin(), in.order, found->second);
      return;
    }
    in.order.emplace_front(key, std::move(value));
    in.index.emplace(key, in.order.begin());
    if (in.order.size() > per_shard_) {
      in.index.erase(in.order.back().first);
      in.order.pop_back();
    }
  }

  std::size_t per_shard_;
  shard shards_[shard_count];
};

} // namespace headwater::actors
