#pragma once

// The pushes of one connection that are on their way to the disk, so that the next one can be
// decided before they are there. Owned by an ingest worker, on its thread.
//
// A push is decided on the stored rows as all pushes before it leave them:
//
//   on the disk, read        block
//   under way, oldest first  block + change + change       the same merge as on the disk
//
// A push may have reached the disk and not be answered yet. Its changes are then merged once more,
// with those after it: a later value of a row replaces an earlier one, so that changes nothing.

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/hashed_block.hpp"

#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::actors {

class pushes_under_way {
public:
  struct push {
    text_map<std::string> blocks; ///< changed rows, by key in the table of rows
    std::string key;              ///< its Idempotency-Key; empty: none
    std::size_t bytes = 0;
  };

  void add(push one) {
    bytes_ += one.bytes;
    pushes_.push_back(std::move(one));
  }
  /// The oldest one has been answered.
  void remove_first() {
    bytes_ -= pushes_.front().bytes;
    pushes_.pop_front();
  }

  [[nodiscard]] bool empty() const { return pushes_.empty(); }
  [[nodiscard]] std::size_t size() const { return pushes_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool uses(const std::string& key) const {
    for (const auto& each : pushes_)
      if (!key.empty() && each.key == key)
        return true;
    return false;
  }

  /// Merges their changes over a stored block. False if one of them is unreadable.
  [[nodiscard]] bool apply(const std::string& key, std::optional<std::string>& block) const {
    for (const auto& each : pushes_) {
      const auto change = each.blocks.find(key);
      if (change == each.blocks.end())
        continue;
      if (!block) {
        block = change->second;
        continue;
      }
      const std::array<std::string_view, 2> both{*block, change->second};
      auto merged = referrals::merge_blocks(both);
      if (!merged)
        return false;
      block = std::move(*merged);
    }
    return true;
  }

private:
  std::deque<push> pushes_;
  std::size_t bytes_ = 0;
};

} // namespace headwater::actors
