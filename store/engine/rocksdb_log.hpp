#pragma once

// The engine on RocksDB: one data directory, laid out as in store/FORMAT.md, owned by one process.
// Threads: as the interfaces say. Opened through open_log.hpp; no code above store/ names it.
//
// Invariants: an event is on disk before any reader sees it; HEAD is never ahead of the log; a log
// that has lost an event or checkpoint named by HEAD is refused at open, and nothing is written to
// it.

#include "store/disk/open_files.hpp"
#include "store/engine/recent_chains.hpp"
#include "store/log/appender.hpp"
#include "store/log/log_engine.hpp"

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>

namespace rocksdb {
class WriteBatch;
}

namespace headwater::store {

/// What a reader shows: events up to the one that HEAD names, or also those behind it, as the next
/// start does. Those have been acknowledged, too, if a power cut left an older HEAD.
enum class shown_events : std::uint8_t { acknowledged = 1, all };

struct rocksdb_options {
  std::filesystem::path directory;
  std::size_t block_cache_bytes = std::size_t{64} << 20;
  std::size_t memtable_bytes = std::size_t{32} << 20; ///< of all memtables together
  std::size_t open_tables = most_open_tables;         ///< at a time; see files_of_log
  std::size_t cached_stream_heads = 10'000;
  low_water leaves_free = {};   ///< as look_at_disk()
  bool takes_snapshots = false; ///< the directory is a copy of a snapshot being restored
  end_check accepts = {};       ///< see log_settings
};

enum class family : std::uint8_t;
class rocksdb_database;
class rocksdb_view;
class data_directory;
class head_file;

class rocksdb_log final : public event_log,
                          public table_store,
                          public provable_log,
                          public erasable_log,
                          public copier,
                          public log_engine,
                          private commit_engine {
public:
  struct parts;

  /// Use open_rocksdb_log or open_for_reading.
  explicit rocksdb_log(parts opened);
  ~rocksdb_log() override;

  std::vector<append_outcome> append(std::span<const append_request> group, micros now) override;
  result<void> sync_head() override;
  std::optional<std::string> stopped_reason() const override;
  commit_statistics statistics() const override;
  result<void> read_stream(const stream_name& stream, std::uint64_t from_sequence,
                           const event_visitor& visit) const override;
  result<void> read_streams(std::string_view prefix, const event_visitor& visit) const override;
  result<void> read_all(std::uint64_t from_position, const event_visitor& visit) const override;
  result<void> read_stream_back(const stream_name& stream, std::uint64_t from_sequence,
                                const event_visitor& visit) const override;
  result<void> read_all_back(std::uint64_t from_position,
                             const event_visitor& visit) const override;
  result<void> visit_heads(const head_visitor& visit) const override;
  result<std::uint64_t> version(const stream_name& stream) const override;
  result<std::vector<std::optional<idempotent_use>>>
  find_uses(const stream_name& stream, std::span<const std::string> keys) const override;
  log_end end() const override;
  std::unique_ptr<const table_reader> view() const override;
  result<std::optional<std::string>> get(table where, std::string_view key) const override;
  result<std::vector<std::optional<std::string>>>
  get_many(table where, std::span<const std::string> keys) const override;
  result<void> scan(table where, std::string_view prefix, std::string_view from,
                    const row_visitor& visit) const override;
  result<void> scan_back(table where, std::string_view prefix,
                         const row_visitor& visit) const override;
  result<void> put(std::span<const table_write> rows) override;
  result<std::optional<std::uint64_t>> position(table where) const override;
  result<void> rebuild(table where,
                       const std::function<result<void>(const row_sink&)>& fill) override;
  std::uint64_t provable_events() const override;
  result<std::vector<digest>> chains(std::uint64_t from, std::size_t most) const override;
  result<std::optional<chained_header>> find_header(const stream_name& stream,
                                                    std::uint64_t number) const override;
  result<void> put_checkpoint(std::uint64_t size, std::string_view note) override;
  result<std::uint64_t> erase_parts(const stream_name& stream,
                                    std::span<const std::uint64_t> sequences) override;
  result<void> erase_rows(std::span<const row_range> ranges) override;
  result<void> scrub(std::atomic<bool>& stop) override;

  std::optional<disk_room> look_at_disk(const low_water& mark) override;
  void stop_background_work() override;
  result<void> check_tables(const table_progress& tell) const override;

  result<log_end> copy_to(const std::filesystem::path& directory) const override;
  std::size_t open_tables() const override;

private:
  /// Waits until the log has acknowledged the copy's last event, and checks that the log has it.
  [[nodiscard]] result<void> await_acknowledged(const log_end& copy) const;

  result<stream_head> load_head(const stream_name& stream) override;
  result<void> commit(const commit_batch& batch) override;
  /// The last step of scrub(): waits until files are removed.
  result<void> await_removal(const std::vector<std::string>& files, const std::atomic<bool>& stop);
  /// A write outside append(); a failure stops the log.
  result<void> write_aside(rocksdb::WriteBatch& batch, bool sync);
  /// Passes on how a write of the database ended; a failure stops the log.
  result<void> stop_unless(result<void> done);
  /// Rows as one write_aside().
  result<void> put_aside(std::span<const table_write> rows, bool sync);
  /// The stream's head as far as readers may see it: not beyond end().
  result<stream_head> visible_head(const rocksdb_view& from, const stream_name& stream) const;
  /// The same for a stream whose head has been read already.
  result<stream_head> visible(const rocksdb_view& from, const stream_name& stream,
                              const stream_head& head) const;

  std::unique_ptr<data_directory> directory_; // holds the lock, so it must be destroyed last
  std::unique_ptr<head_file> head_;
  std::unique_ptr<rocksdb_database> database_;
  appender appender_;
  std::atomic<bool> write_failed_ = false; ///< so RocksDB must not be closed, see keep_until_exit
  mutable std::mutex end_mutex_;
  log_end end_;
  recent_chains recent_; ///< up to end_
  /// The marked families that reflect the whole log; append() and rebuild(), which are never called
  /// at once, use it.
  std::set<family> complete_;
};

/// Opens the log in `options.directory` for reading and writing, for as long as the result lives. A
/// directory that is missing or empty becomes a new log.
/// Errors, after which nothing has been written: errc::io_failed (locked, unreadable),
/// errc::incompatible_data (newer format, not ours), errc::corrupt_log (lost or damaged events).
[[nodiscard]] result<std::unique_ptr<rocksdb_log>> open_rocksdb_log(const rocksdb_options& options);

/// Opens the log read-only in its present state, whether or not a server is running on it. Takes no
/// lock, writes nothing, shows no event beyond HEAD, unless `shows` says so; append() answers
/// `stopped`. If no process removes files, as in a snapshot, a limited number of open tables is
/// enough. Errors as above.
[[nodiscard]] result<std::unique_ptr<rocksdb_log>>
open_for_reading(const std::filesystem::path& directory, std::size_t open_tables = every_table,
                 shown_events shows = shown_events::acknowledged);

} // namespace headwater::store
