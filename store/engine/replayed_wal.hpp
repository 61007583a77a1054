#pragma once

// What the write-ahead logs of a database hold, gathered while RocksDB replays them as it opens.
// RocksDB 7.8.3 replays whatever lies there: it asks neither whether the tables reach to where the
// write-ahead logs begin, nor whether one is missing in their middle, and one that repeats another
// ends the process in an assertion. Owned by the database that is opened; one thread, until it is
// open; read only from then on.
//
// Invariant: nothing is replayed twice: a record that repeats another one ends the replay, and
// repeated() names its file.

#include "domain/core/error.hpp"
#include "store/engine/rocksdb_settings.hpp"

#include <rocksdb/wal_filter.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace headwater::store {

/// Where replayed commits begin: the first position of the first one, and the file that holds it.
struct replayed_start {
  std::uint64_t position = 0;
  std::filesystem::path file;
};

/// A commit that does not follow the one replayed before it, whose last position was `last`.
struct replayed_gap {
  std::uint64_t last = 0;
  replayed_start next;
};

/// errc::corrupt_log: the file holds again what the log has from elsewhere.
[[nodiscard]] error repeats(const std::filesystem::path& file);

class replayed_wal final : public rocksdb::WalFilter {
public:
  /// The first commit that was replayed into the events, the positions or a marked family. Nothing
  /// where there is none, nor for a family that was built anew in what was replayed, since what
  /// came before no longer counts in it.
  [[nodiscard]] const std::optional<replayed_start>& start_of(family where) const {
    return starts_[static_cast<std::size_t>(where)];
  }
  /// The first gap between commits that were replayed one after another.
  [[nodiscard]] const std::optional<replayed_gap>& gap() const { return gap_; }
  /// The file that holds again what had been replayed.
  [[nodiscard]] const std::optional<std::filesystem::path>& repeated() const { return repeated_; }

  void ColumnFamilyLogNumberMap(const std::map<std::uint32_t, std::uint64_t>& first_logs,
                                const std::map<std::string, std::uint32_t>& ids) override;
  WalProcessingOption LogRecordFound(unsigned long long log, const std::string& file,
                                     const rocksdb::WriteBatch& batch, rocksdb::WriteBatch* changed,
                                     bool* is_changed) override;
  [[nodiscard]] const char* Name() const override { return "headwater.replayed_wal"; }

private:
  class record_reader;

  void start(family where, std::uint64_t log, std::uint64_t position, const std::string& file);

  std::map<std::uint32_t, family> families_; ///< by RocksDB's number
  /// The number of the first file that is replayed into a family; its tables hold the others.
  std::array<std::uint64_t, family_count> first_logs_{};
  std::uint64_t first_log_ = UINT64_MAX; ///< of the families that every commit writes
  std::array<std::optional<replayed_start>, family_count> starts_;
  std::array<bool, family_count> is_begun_{}; ///< the first commit, or a rebuild, was seen
  std::optional<replayed_gap> gap_;
  std::optional<std::filesystem::path> repeated_;
  std::uint64_t next_write_ = 0; ///< RocksDB's number of the write to come
  std::uint64_t last_position_ = 0;
};

} // namespace headwater::store
