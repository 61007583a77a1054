#pragma once

// What accounts have used of their quotas, and what is about to be added. The journal and the
// directory actor decide on the same counts, so an account gets to its quota exactly, whoever
// takes the last of it.
//
// Counts are rows of table::usage, written with the events that they count. Those of an account
// with many brands are many rows, and all others wait while the two actors read them, so they are
// read once and kept up from then on.
//
//   take()      waiting += adds                      refused if used + waiting would be too much
//   settle()    waiting -= taken, used += added      the append is answered
//
// Concurrency: thread-safe. load() and settle() are for the journal alone: while it reads, no
// append changes what it reads.

#include "actors/protocol/log_messages.hpp"
#include "domain/core/keyed_hash.hpp"
#include "store/log/log_engine.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace headwater::actors {

struct account_quota {
  std::uint64_t bytes = std::uint64_t{1} << 30;
  std::uint64_t events = 10'000'000;
};

class account_counts {
public:
  account_counts(std::shared_ptr<store::log_engine> log, account_quota quota)
      : log_(std::move(log)), quota_(quota) {}

  /// errc::quota_exceeded if the account may not add that; errors of reading. Blocks on the disk if
  /// the account was not loaded.
  [[nodiscard]] result<void> take(const std::string& account_id, const store::usage& adds);
  /// The same for what goes through beyond quotas, and where counts cannot be read.
  void take_anyway(const std::string& account_id, const store::usage& adds);
  /// What was taken is not appended.
  void give_back(const std::string& account_id, const store::usage& adds);

  /// Reads an account's counts, unless they are known. What cannot be read stays unknown.
  void load(const std::string& account_id);
  /// What was taken has been appended, and has added so much.
  void settle(const std::string& account_id, const store::usage& taken, const store::usage& added);

  /// Other rows belong to the account now than before: its brands have changed.
  void forget(const std::string& account_id);

private:
  [[nodiscard]] result<void> check(const std::string& account_id, const store::usage& used,
                                   const store::usage& adds) const;
  [[nodiscard]] result<store::usage> used_by(const std::string& account_id);
  // With the lock held:
  void keep(const std::string& account_id, const store::usage& used);
  void add(const std::string& account_id, const store::usage& adds);
  void drop(const std::string& account_id, const store::usage& taken);

  std::shared_ptr<store::log_engine> log_;
  const account_quota quota_;
  std::mutex lock_;
  text_map<store::usage> used_;         ///< durable; a cache of the table
  text_map<store::usage> waiting_;      ///< of those that have taken something
  text_map<std::uint64_t> undisturbed_; ///< readings with nothing waiting since they began
  std::uint64_t readings_ = 0;
};

/// Room that is given back unless the journal is told of it.
class held_rooms {
public:
  held_rooms() = default;
  held_rooms(held_rooms&& other) noexcept { swap(other); }
  held_rooms& operator=(held_rooms&& other) noexcept {
    held_rooms{std::move(other)}.swap(*this);
    return *this;
  }
  ~held_rooms() {
    for (const auto& each : rooms_)
      counts_->give_back(each.account_id, each.adds);
  }

  /// It was taken from these counts, which are the same for all.
  void add(const std::shared_ptr<account_counts>& counts, taken_room one) {
    counts_ = counts;
    rooms_.push_back(std::move(one));
  }
  [[nodiscard]] const std::vector<taken_room>& rooms() const { return rooms_; }
  /// For the journal, which settles them.
  [[nodiscard]] std::vector<taken_room> release() { return std::exchange(rooms_, {}); }

private:
  void swap(held_rooms& other) noexcept {
    counts_.swap(other.counts_);
    rooms_.swap(other.rooms_);
  }

  std::shared_ptr<account_counts> counts_;
  std::vector<taken_room> rooms_;
};

/// What an account has used: its own events, those of its brands' connections, and those of the
/// system stream about its tokens and its brands' platforms. Blocks.
[[nodiscard]] result<store::usage> usage_of_account(const store::table_reader& tables,
                                                    const std::string& account_id);

} // namespace headwater::actors
