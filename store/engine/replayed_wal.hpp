#pragma once

// The contents of a database's write-ahead logs, gathered while RocksDB replays them on opening.
// RocksDB 7.8.3 replays whatever it finds: it does not check that the tables reach up to the first
// write-ahead log, nor that none is missing in the middle, and a log that repeats another one ends
// the process with an assertion. Owned by the database being opened; used by one thread until that
// is open, and read-only from then on.
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
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store {

/// Where replayed commits begin: the first position of the first commit, and the file that holds
/// it.
struct replayed_start {
  std::uint64_t position = 0;
  std::filesystem::path file;
};

/// A commit that does not follow the one replayed before it, whose last position is `last`.
struct replayed_gap {
  std::uint64_t last = 0;
  replayed_start next;
};

/// Where the events that a file brought begin for a stream: the key of the first of them.
struct replayed_seam {
  std::string event_key;
  std::filesystem::path file;
};

/// errc::corrupt_log: the file repeats something that the log already has.
[[nodiscard]] error repeats(const std::filesystem::path& file);

class replayed_wal final : public rocksdb::WalFilter {
public:
  /// The first commit that was replayed into the events, the positions or a marked family. Nothing
  /// if there is none, or if the family was rebuilt during the replay, because earlier commits no
  /// longer count then.
  [[nodiscard]] const std::optional<replayed_start>& start_of(family where) const {
    return starts_[static_cast<std::size_t>(where)];
  }
  /// The first gap between commits that were replayed one after another.
  [[nodiscard]] const std::optional<replayed_gap>& gap() const { return gap_; }
  /// The first event of each stream in each file, for up to 1,000 streams of a file.
  [[nodiscard]] const std::vector<replayed_seam>& seams() const { return seams_; }
  /// The number of the first file that was replayed into the families that every commit writes;
  /// UINT64_MAX if there was none.
  [[nodiscard]] std::uint64_t first_log() const { return first_log_; }
  /// The file that repeats something already replayed.
  [[nodiscard]] const std::optional<std::filesystem::path>& repeated() const { return repeated_; }

  void ColumnFamilyLogNumberMap(const std::map<std::uint32_t, std::uint64_t>& first_logs,
                                const std::map<std::string, std::uint32_t>& ids) override;
  WalProcessingOption LogRecordFound(unsigned long long log, const std::string& file,
                                     const rocksdb::WriteBatch& batch, rocksdb::WriteBatch* changed,
                                     bool* is_changed) override;
  [[nodiscard]] const char* Name() const override { return "headwater.replayed_wal"; }

private:
  class record_reader;

  void note_event(std::uint64_t log, const std::string& file, std::string_view key);
  void start(family where, std::uint64_t log, std::uint64_t position, const std::string& file);

  std::map<std::uint32_t, family> families_; ///< by RocksDB's number
  /// The first file replayed into each family; for earlier ones, its tables are up to date.
  std::array<std::uint64_t, family_count> first_logs_{};
  std::uint64_t first_log_ = UINT64_MAX; ///< the lowest of the families that every commit writes
  std::array<std::optional<replayed_start>, family_count> starts_;
  std::array<bool, family_count> is_begun_{}; ///< the first commit, or a rebuild, has been seen
  std::optional<replayed_gap> gap_;
  std::vector<replayed_seam> seams_;
  std::uint64_t seams_log_ = 0;                ///< the file that streams_ belong to
  std::set<std::string, std::less<>> streams_; ///< which have a seam in that file
  std::optional<std::filesystem::path> repeated_;
  std::uint64_t next_write_ = 0; ///< RocksDB's number of the next write
  std::uint64_t last_position_ = 0;
};

} // namespace headwater::store
