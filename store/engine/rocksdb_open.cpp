// Implements open_rocksdb_log and open_for_reading: what is checked before anything is written.

#include "domain/core/try.hpp"
#include "domain/proofs/merkle.hpp"
#include "store/disk/files.hpp"
#include "store/engine/hole_check.hpp"
#include "store/engine/leftover_tables.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/engine/rocksdb_parts.hpp"
#include "store/engine/table_damage.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;
using view = rocksdb_view;

constexpr int reader_attempts = 25;
constexpr int damage_attempts = 3; // a write may have been met half way
constexpr auto reader_pause = std::chrono::milliseconds{20};
// An open that a flush crossed is repeated, but a server that flushes all the time must not keep
// readers out: this many may succeed and be crossed before one of them is taken.
constexpr int crossed_attempts = 5;
// Opening writes a MANIFEST, a WAL, and the contents of the WALs before it.
constexpr std::size_t bytes_to_open = std::size_t{1} << 20;

error lost_tail(const fs::path& directory, const std::string& why) {
  return {errc::corrupt_log, "the log in " + directory.string() + " " + why};
}

/// Something is about events that are not there.
error two_states(const fs::path& directory, const log_end& end, const std::string& but) {
  return lost_tail(directory,
                   "ends at position " + std::to_string(end.position) + ", but " + but +
                       ": files of two states lie together, as when a backup is copied over a "
                       "directory, and events are lost. Restore a backup into an empty directory");
}

/// Checks that the log holds the event that HEAD names as acknowledged.
result<void> check_against_head(const fs::path& directory, const view& from, const log_end& end,
                                const head_mark& head) {
  if (end.position < head.position)
    return lost_tail(directory, "ends at position " + std::to_string(end.position) +
                                    ", but HEAD names position " + std::to_string(head.position) +
                                    ": acknowledged events are missing");
  if (head.position == 0)
    return {};
  TRY(auto named, read_at(from, head.position));
  if (named.chain != head.chain)
    return lost_tail(directory, "differs from HEAD at position " + std::to_string(head.position));
  return {};
}

/// Checks that the checkpoint named by HEAD is not missing, and that none covers events that are. A
/// damaged one does not count as missing: reading it fails with an error, and everything else
/// works.
result<void> check_checkpoints(const fs::path& directory, const view& from, const log_end& end,
                               const head_mark& head) {
  const auto last = find_last_checkpoint(from);
  if (!last)
    return last.error().code == errc::corrupt_log ? result<void>{} : last.error();
  if (*last < head.checkpoint_size)
    return lost_tail(directory, "has checkpoints up to that of " + std::to_string(*last) +
                                    " events, but HEAD names one of " +
                                    std::to_string(head.checkpoint_size) +
                                    ": the last checkpoints are missing");
  if (*last > end.position)
    return two_states(directory, end, "has a checkpoint of " + std::to_string(*last) + " events");
  return {};
}

/// Checks that the Merkle tree, which grows behind the log, covers no events that are missing. A
/// damaged one is made anew.
result<void> check_tree(const fs::path& directory, const view& from, const log_end& end) {
  const auto row = from.get(family::proofs, frontier_key);
  if (!row)
    return row.error().code == errc::corrupt_log ? result<void>{} : row.error();
  if (!*row)
    return {};
  const auto frontier = merkle_frontier::decode(**row);
  if (frontier && frontier->size() > end.position)
    return two_states(directory, end,
                      "has the Merkle tree of " + std::to_string(frontier->size()) + " events");
  return {};
}

bool has_database(const fs::path& directory) {
  std::error_code failed;
  return fs::exists(database_path(directory) / "CURRENT", failed);
}

/// Whether opening met a file that a live server's compaction had removed; another try may help.
bool met_vanished_file(const error& why) {
  return why.message.find("No such file") != std::string::npos;
}

/// Notices that a live server's flush crossed an open. RocksDB reads the MANIFEST first and looks
/// for write-ahead logs afterwards. If a flush comes between, its tables are not in the MANIFEST
/// that was read, and the log that they were made of may be gone: a whole log then looks as if it
/// had a hole.
///
///   reader    list WALs | MANIFEST .............. list and replay WALs | list WALs
///   server                          flush, WAL removed
///
/// Logs are removed oldest first, so if every log from before the open is there after it, none that
/// the open needed has been removed.
class flush_watch {
public:
  explicit flush_watch(const fs::path& directory)
      : database_(database_path(directory)), before_(logs()) {}

  [[nodiscard]] bool was_crossed() const {
    const auto after = logs();
    return !std::ranges::includes(after, before_);
  }

private:
  /// Their names; what cannot be listed is no reason to doubt the open.
  [[nodiscard]] std::set<std::string> logs() const {
    std::set<std::string> out;
    std::error_code failed;
    for (fs::directory_iterator at{database_, failed}, end; !failed && at != end;
         at.increment(failed))
      if (at->path().extension() == ".log")
        out.insert(at->path().filename().string());
    return out;
  }

  fs::path database_;
  std::set<std::string> before_;
};

/// The database opened for reading, and its end, after they were found to agree with HEAD.
struct checked_database {
  std::unique_ptr<rocksdb_database> database;
  log_end end;
};

/// The end of the log, if the database agrees with HEAD and with the table files that were there
/// before it was opened.
result<log_end> check_opened(const fs::path& directory, const rocksdb_database& database,
                             const head_mark& head, const std::vector<fs::path>& files) {
  view from{database};
  TRY(auto end, find_end(from));
  CHECK(check_no_hole(directory, database));
  CHECK(check_against_head(directory, from, end, head));
  CHECK(check_marks(from, end));
  CHECK(check_checkpoints(directory, from, end, head));
  CHECK(check_tree(directory, from, end));
  CHECK(check_leftovers(directory, files, database, end.position));
  return end;
}

result<checked_database> open_checked(const fs::path& directory, const memory_settings& memory) {
  TRY(auto head, read_head(head_path(directory)));
  const auto files = list_data_files(database_path(directory));
  auto database = rocksdb_database::open(database_path(directory), memory, open_mode::read_only);
  if (!database && head.position > 0 && !has_database(directory))
    return lost_tail(directory, "has no database in db/, but HEAD names position " +
                                    std::to_string(head.position));
  if (!database)
    return database.error();
  auto end = check_opened(directory, **database, head, files);
  if (!end)
    return with_cure(**database, end.error());
  return checked_database{std::move(*database), *end};
}

result<std::unique_ptr<rocksdb_database>> open_new(data_directory& directory,
                                                   const memory_settings& memory) {
  CHECK(directory.begin_initialising());
  CHECK(check_room(directory.path(), bytes_to_open));
  auto database =
      rocksdb_database::open(database_path(directory.path()), memory, open_mode::create);
  if (!database)
    return database;
  CHECK(head_file::create(head_path(directory.path())));
  CHECK(directory.finish_initialising());
  return database;
}

result<std::unique_ptr<rocksdb_database>>
open_existing(const fs::path& directory, const memory_settings& memory, const end_check& accepts) {
  {
    TRY(auto found, open_checked(directory, memory));
    if (accepts)
      CHECK(accepts(found.end));
  }
  CHECK(check_room(directory, bytes_to_open));
  return rocksdb_database::open(database_path(directory), memory, open_mode::existing);
}

result<void> name_in_head(head_file& head, const view& from, const log_end& end) {
  if (auto named = head.write_end(end.position, end.chain); !named)
    return named;
  if (const auto last = find_last_checkpoint(from)) // HEAD already names a damaged one
    if (auto named = head.write_checkpoint(*last); !named)
      return named;
  return head.sync();
}

/// Unless it shows all, it shows nothing beyond HEAD, as it is now that the database is open.
result<std::unique_ptr<rocksdb_log>> make_reader(const fs::path& directory,
                                                 checked_database checked, shown_events shows) {
  TRY(auto head, read_head(head_path(directory)));
  auto end = checked.end;
  if (shows == shown_events::acknowledged && head.position < end.position) {
    end = {};
    if (head.position > 0) {
      TRY(auto last, read_at(view{*checked.database}, head.position));
      end = {head.position, last.chain, last.header.time};
    }
  }
  rocksdb_log::parts parts{nullptr, nullptr, std::move(checked.database), end, 0};
  return std::make_unique<rocksdb_log>(std::move(parts));
}

} // namespace

result<std::unique_ptr<rocksdb_log>> open_rocksdb_log(const rocksdb_options& options) {
  const memory_settings memory{options.block_cache_bytes, options.memtable_bytes,
                               options.open_tables};
  TRY(auto directory, data_directory::open(options.directory, options.takes_snapshots));
  TRY(auto database, directory->is_new()
                         ? open_new(*directory, memory)
                         : open_existing(options.directory, memory, options.accepts));
  TRY(auto head, head_file::open(head_path(options.directory)));
  TRY(auto end, find_end(view{*database}));
  // Events on disk that were not in HEAD when a process was killed become visible now, so HEAD must
  // guard them from now on. Opening has written them to tables.
  if (auto named = name_in_head(*head, view{*database}, end); !named)
    return named.error();
  TRY(const auto disk, disk_space_of(options.directory));
  database->leave_free(bytes_of(options.leaves_free, disk.size), disk.free);
  return std::make_unique<rocksdb_log>(rocksdb_log::parts{std::move(directory), std::move(head),
                                                          std::move(database), end,
                                                          options.cached_stream_heads});
}

result<std::unique_ptr<rocksdb_log>> open_for_reading(const fs::path& directory,
                                                      std::size_t open_tables, shown_events shows) {
  const memory_settings memory{std::size_t{8} << 20, std::size_t{32} << 20, open_tables};
  CHECK(check_readable(directory));
  // A live server's flushes and compactions remove files while this opens them, so what an attempt
  // finds wrong counts only if it comes up again. The damage of an attempt that was not disturbed
  // counts in full.
  int found_damage = 0;
  for (int attempt = 1;; ++attempt) {
    const flush_watch flushes{directory};
    auto checked = open_checked(directory, memory);
    const bool was_crossed = flushes.was_crossed();
    if (checked && (!was_crossed || attempt >= crossed_attempts))
      return make_reader(directory, std::move(*checked), shows);
    if (!checked && !was_crossed && !met_vanished_file(checked.error()))
      ++found_damage;
    if (!checked && (found_damage == damage_attempts || attempt == reader_attempts))
      return checked.error();
    std::this_thread::sleep_for(reader_pause);
  }
}

} // namespace headwater::store
