#pragma once

// An open RocksDB with our column families, and the reads that the log is built on. Owned by the
// log; thread-safe.

#include "domain/core/error.hpp"
#include "store/engine/replayed_wal.hpp"
#include "store/engine/rocksdb_settings.hpp"
#include "store/tables/table.hpp"

#include <rocksdb/db.h>
#include <rocksdb/sst_file_manager.h>
#include <rocksdb/write_batch.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store {

[[nodiscard]] family family_of(table where);

/// A table file of the present state.
struct live_table {
  std::filesystem::path path;
  std::string family; ///< RocksDB's name, see family_named()
  std::uint64_t size = 0;
};

enum class open_mode : std::uint8_t { create = 1, existing, read_only };

class rocksdb_database {
public:
  [[nodiscard]] static result<std::unique_ptr<rocksdb_database>>
  open(const std::filesystem::path& path, const memory_settings& memory, open_mode mode);
  ~rocksdb_database();

  rocksdb_database(const rocksdb_database&) = delete;
  rocksdb_database& operator=(const rocksdb_database&) = delete;

  /// Null for one of dispensable_families that a database opened read-only lacks.
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(family where) const;
  /// What the write-ahead logs contributed when this was opened. Empty if it was opened for
  /// writing, which comes after it was opened for reading.
  [[nodiscard]] const replayed_wal& replayed() const { return *replayed_; }
  /// The value in the newest table that has one, ignoring whatever was replayed since. Does not
  /// notice if a newer table deletes the key.
  [[nodiscard]] result<std::optional<std::string>> get_from_tables(family where,
                                                                   std::string_view key) const;
  [[nodiscard]] result<void> write(rocksdb::WriteBatch& batch, bool sync);
  /// Writes the batch, synced, and calls `acknowledge`. Views show the batch only once that has
  /// succeeded. If either fails, what is on disk is unknown: views go on showing the state before,
  /// and all later writes are refused.
  [[nodiscard]] result<void> commit(rocksdb::WriteBatch& batch,
                                    const std::function<result<void>()>& acknowledge);
  /// Drops the family with its files, which are not read, so they may be damaged, and creates it
  /// anew. While no other thread uses it. A crash in between leaves a database without it.
  [[nodiscard]] result<void> recreate(family where);

  /// Flushes, and creates at `to` (absolute, with an existing parent) a database of the same state.
  /// Waits for no compaction.
  [[nodiscard]] result<void> copy_to(const std::filesystem::path& to) const;
  /// As set in memory_settings.
  [[nodiscard]] std::size_t open_tables() const { return open_tables_; }
  /// RocksDB's number of the last write.
  [[nodiscard]] std::uint64_t last_write() const { return database_->GetLatestSequenceNumber(); }
  /// Whether some view shows a state from before the write with this number.
  [[nodiscard]] bool has_view_before(std::uint64_t write) const;
  /// Flushes everything in memory to tables and begins a new, empty WAL.
  [[nodiscard]] result<void> begin_new_files();
  /// Waits for running compactions, whose outputs may still contain data replaced in the meantime.
  [[nodiscard]] result<void> await_compactions(std::atomic<bool>& stop);
  /// Rewrites all tables, except those in which nothing has been replaced.
  [[nodiscard]] result<void> rewrite(std::atomic<bool>& stop);
  /// Removes files that are no longer needed. RocksDB does so at the end of flushes and
  /// compactions, but forgets a file that a reader was using until just before.
  [[nodiscard]] result<void> remove_unneeded_files();
  /// The names of the tables that the database currently consists of, such as "000012.sst".
  [[nodiscard]] std::vector<std::string> live_tables() const;
  /// The same with what they belong to.
  [[nodiscard]] std::vector<live_table> live_files() const;
  /// The size of those tables in bytes.
  [[nodiscard]] std::uint64_t table_bytes() const;
  /// Roughly how many bytes a flush would write.
  [[nodiscard]] std::uint64_t unflushed_bytes() const;
  /// Compactions write their result before they remove what it replaces. From now on one that might
  /// bring the free bytes, `left` now, below the `mark` waits; 0: none waits. await_compactions()
  /// and rewrite() never do, because an erasure is what makes room. Until it is called, all wait.
  void leave_free(std::uint64_t mark, std::uint64_t left);
  /// Stops compactions and flushes, and starts no more; it may take a second, since a compaction
  /// that waits for room looks again each second.
  void stop_background_work();

private:
  rocksdb_database(std::unique_ptr<replayed_wal> replayed, std::unique_ptr<rocksdb::DB> database,
                   std::vector<rocksdb::ColumnFamilyDescriptor> families, bool read_only,
                   std::size_t open_tables, std::shared_ptr<rocksdb::SstFileManager> files)
      : replayed_(std::move(replayed)), database_(std::move(database)),
        families_(std::move(families)), handles_(families_.size()), read_only_(read_only),
        open_tables_(open_tables), files_(std::move(files)) {}

  /// While there is one, leave_free() sets no limit.
  class unlimited_compactions {
  public:
    explicit unlimited_compactions(rocksdb_database& database);
    ~unlimited_compactions();
    unlimited_compactions(const unlimited_compactions&) = delete;
    unlimited_compactions& operator=(const unlimited_compactions&) = delete;

  private:
    rocksdb_database& database_;
  };

  using snapshot_ptr = std::shared_ptr<const rocksdb::Snapshot>;

  [[nodiscard]] snapshot_ptr shown() const;
  /// Lets views that are opened from now on show the newest state.
  void show_newest();
  [[nodiscard]] result<void> write(rocksdb::WriteBatch& batch, bool sync,
                                   const std::function<result<void>()>& acknowledge);
  [[nodiscard]] result<void> flush() const;
  [[nodiscard]] result<void> write_alone(const std::function<result<void>()>& change);
  [[nodiscard]] result<void> compact(family where, std::atomic<bool>& stop);

  std::unique_ptr<replayed_wal> replayed_; // the database points to it, so it is destroyed last
  std::unique_ptr<rocksdb::DB> database_;
  std::vector<rocksdb::ColumnFamilyDescriptor> families_; ///< in the order of enum family
  std::vector<rocksdb::ColumnFamilyHandle*> handles_;     ///< the same; null for one that it lacks
  bool read_only_;
  std::size_t open_tables_;
  std::shared_ptr<rocksdb::SstFileManager> files_; ///< null if it was opened read-only
  std::mutex limit_;                               ///< of compactions, see leave_free()
  int unlimited_ = 0;                              ///< how many unlimited_compactions there are
  std::mutex writing_;
  bool write_failed_ = false; ///< guarded by writing_
  mutable std::mutex shown_mutex_;
  snapshot_ptr shown_; ///< what new views show; null if opened read-only

  friend class rocksdb_view;
  friend class rocksdb_range;
};

/// The state of the database after the last write that succeeded. Later ones do not affect it.
class rocksdb_view {
public:
  explicit rocksdb_view(const rocksdb_database& database);
  rocksdb_view(const rocksdb_view&) = delete;
  rocksdb_view& operator=(const rocksdb_view&) = delete;

  [[nodiscard]] result<std::optional<std::string>> get(family where, std::string_view key) const;
  /// The values in the order of the keys.
  [[nodiscard]] result<std::vector<std::optional<std::string>>>
  get_many(family where, std::span<const std::string> keys) const;

private:
  [[nodiscard]] rocksdb::ReadOptions options() const;

  const rocksdb_database& database_;
  std::shared_ptr<const rocksdb::Snapshot> snapshot_; ///< null if opened read-only

  friend class rocksdb_range;
};

/// A sweep reads a lot and each row only once: it reads ahead and does not fill the cache.
enum class reading : std::uint8_t { some, sweep };

/// The rows of a family in a view, up to but excluding the key `end` if given.
class rocksdb_range {
public:
  rocksdb_range(const rocksdb_view& from, family where, std::optional<std::string> end,
                reading how = reading::some);
  rocksdb_range(const rocksdb_range&) = delete;
  rocksdb_range& operator=(const rocksdb_range&) = delete;

  /// Not valid at the end and after an error; check status() to tell which.
  rocksdb::Iterator* operator->() const { return rows_.get(); }

private:
  std::optional<std::string> end_;
  rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> rows_;
};

} // namespace headwater::store
