#pragma once

// Whether an append may be written: the quotas of accounts, and the low-water mark of the disk.
// Owned by the journal, which sees every append, so no two decisions are made on the same count.
//
// Counts are rows of table::usage, written with the events that they count. They are read when an
// account first appends, and kept up from then on; what waits in the current group counts, too.
//
// The disk is looked at once a second and after every few MiB, not for each append. What an append
// writes counts twice: it is in the write-ahead log and becomes a table later. Each purpose has its
// part of what the mark keeps free, so that what frees goes on longest, and something is left for
// the next start:
//
//   free   ........|  mark  |  1/2  |  1/4  |  0
//   adds    written| refused
//   operates written ....... | refused
//   frees   written ................ | refused

#include "actors/protocol/log_messages.hpp"
#include "actors/shared/disk_status.hpp"
#include "actors/shared/metrics.hpp"
#include "domain/core/keyed_hash.hpp"
#include "store/log/log_engine.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace headwater::actors {

struct account_quota {
  std::uint64_t bytes = std::uint64_t{1} << 30;
  std::uint64_t events = 10'000'000;
};

/// errc::quota_exceeded if an account that has `used` so much may not add that.
[[nodiscard]] result<void> check_room(const account_quota& quota, const std::string& account_id,
                                      const store::usage& used, const store::usage& adds);

class admission {
public:
  admission(std::shared_ptr<store::log_engine> log, account_quota quota, store::low_water mark,
            std::shared_ptr<disk_status> disk, std::shared_ptr<metrics> counters);

  /// Looks at the disk, and tells the operator when the mark is crossed, and when the disk cannot
  /// be asked: once each.
  void look_at_disk();

  /// Takes an append into the current group, or says why not: errc::quota_exceeded,
  /// errc::storage_full, or that the counts cannot be read.
  [[nodiscard]] result<void> admit(const append_message& wanted);

  /// The outcome of an append of the current group.
  void settle(const std::string& account_id, const store::append_outcome& outcome);
  /// Rows that an account's count is made of have changed by an append that was not admitted for
  /// it.
  void count_again(const std::string& account_id) { used_.erase(account_id); }
  /// The current group is settled.
  void finish_group();

private:
  [[nodiscard]] result<void> check_quota(const append_message& wanted, const store::usage& adds);
  [[nodiscard]] result<void> check_disk(write_purpose purpose, std::uint64_t bytes) const;
  /// From how many bytes on a disk that was low counts as having room again.
  [[nodiscard]] std::uint64_t end_of_low() const { return limit_ + limit_ / 8; }
  [[nodiscard]] result<store::usage> used_by(const std::string& account_id);

  std::shared_ptr<store::log_engine> log_;
  account_quota quota_;
  store::low_water mark_;
  std::shared_ptr<disk_status> disk_;
  std::shared_ptr<metrics> counters_;
  text_map<store::usage> used_;    ///< durable; a cache of the table
  text_map<store::usage> waiting_; ///< of the current group
  std::uint64_t left_ = 0;         ///< when the disk was last looked at
  std::uint64_t limit_ = 0;        ///< the mark in bytes; 0: none
  std::uint64_t written_ = 0;      ///< since then, or about to be
  bool is_blind_ = false;          ///< the last look told nothing
};

/// What an account has used: its own events, those of its brands' connections, and those of the
/// system stream about its tokens and its brands' platforms. Blocks.
[[nodiscard]] result<store::usage> usage_of_account(const store::table_reader& tables,
                                                    const std::string& account_id);

} // namespace headwater::actors
