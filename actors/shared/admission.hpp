#pragma once

// Whether an append may be written: the quotas of accounts, and the low-water mark of the disk.
// Owned by the journal, which sees every append. account_counts.hpp has what accounts have used.
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
#include "actors/shared/account_counts.hpp"
#include "actors/shared/disk_status.hpp"
#include "actors/shared/metrics.hpp"
#include "store/log/log_engine.hpp"

#include <cstdint>
#include <memory>
#include <span>

namespace headwater::actors {

class admission {
public:
  admission(std::shared_ptr<store::log_engine> log, std::shared_ptr<account_counts> counts,
            store::low_water mark, std::shared_ptr<disk_status> disk,
            std::shared_ptr<metrics> counters);

  /// Looks at the disk, and tells the operator when the mark is crossed, and when the disk cannot
  /// be asked: once each.
  void look_at_disk();

  /// Takes an append into the current group, or says why not: errc::quota_exceeded,
  /// errc::storage_full, or that the counts cannot be read. What it counts for is then among its
  /// `counted`.
  [[nodiscard]] result<void> admit(append_message& wanted);

  /// What an append counted for, and its outcome; also one that was not admitted.
  void settle(std::span<const taken_room> rooms, const store::append_outcome& outcome);

private:
  [[nodiscard]] result<void> take_room(const append_message& wanted, const store::usage& adds);
  [[nodiscard]] result<void> check_disk(write_purpose purpose, std::uint64_t bytes) const;
  /// From how many bytes on a disk that was low counts as having room again.
  [[nodiscard]] std::uint64_t end_of_low() const { return limit_ + limit_ / 8; }

  std::shared_ptr<store::log_engine> log_;
  std::shared_ptr<account_counts> counts_;
  store::low_water mark_;
  std::shared_ptr<disk_status> disk_;
  std::shared_ptr<metrics> counters_;
  std::uint64_t left_ = 0;    ///< when the disk was last looked at
  std::uint64_t limit_ = 0;   ///< the mark in bytes; 0: none
  std::uint64_t written_ = 0; ///< since then, or about to be
  bool is_blind_ = false;     ///< the last look told nothing
};

} // namespace headwater::actors
