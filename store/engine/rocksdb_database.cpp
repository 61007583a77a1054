#include "store/engine/rocksdb_database.hpp"

#include "domain/core/try.hpp"
#include "store/engine/info_log.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/engine/table_damage.hpp"
#include "store/engine/table_files.hpp"

#include <rocksdb/convenience.h>
#include <rocksdb/iterator.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace headwater::store {
namespace {

constexpr std::size_t sweep_readahead = std::size_t{2} << 20;

} // namespace

family family_of(table where) {
  switch (where) {
  case table::directory:
    return family::directory;
  case table::referrals:
    return family::referrals;
  case table::side_facts:
    return family::side_facts;
  case table::rollups:
    return family::rollups;
  case table::rows:
    return family::rows;
  case table::proofs:
    return family::proofs;
  case table::states:
    return family::states;
  case table::usage:
    return family::usage;
  }
  return family::side_facts;
}

namespace {

/// Which families a database lacks; an error if it cannot do without one of them.
result<std::vector<family>>
lacked_families(const rocksdb::DBOptions& options, const std::filesystem::path& path,
                const std::vector<rocksdb::ColumnFamilyDescriptor>& families) {
  std::vector<std::string> names;
  if (auto status = rocksdb::DB::ListColumnFamilies(options, path.string(), &names); !status.ok())
    return cannot_open(path, status);
  std::vector<family> lacked;
  for (std::size_t i = 0; i < families.size(); ++i) {
    const auto which = static_cast<family>(i);
    if (std::ranges::find(names, families[i].name) != names.end())
      continue;
    if (std::ranges::find(dispensable_families, which) == std::end(dispensable_families))
      return error{errc::corrupt_log, "the database in " + path.string() + " has no table " +
                                          families[i].name + ": files of it are lost"};
    lacked.push_back(which);
  }
  return lacked;
}

rocksdb::Status open_in_mode(open_mode mode, rocksdb::DBOptions options, const std::string& path,
                             const std::vector<rocksdb::ColumnFamilyDescriptor>& families,
                             std::vector<rocksdb::ColumnFamilyHandle*>& handles,
                             rocksdb::DB*& opened) {
  if (mode == open_mode::read_only)
    return rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &opened);
  options.info_log = std::make_shared<info_log>(std::filesystem::path{path} / "LOG");
  options.create_if_missing = mode == open_mode::create;
  options.create_missing_column_families |= mode == open_mode::create;
  return rocksdb::DB::Open(options, path, families, &handles, &opened);
}

} // namespace

result<std::unique_ptr<rocksdb_database>> rocksdb_database::open(const std::filesystem::path& path,
                                                                 const memory_settings& memory,
                                                                 open_mode mode) {
  CHECK(check_table_files(path));
  auto options = database_options(memory);
  const auto families = family_descriptors(memory);
  const bool read_only = mode == open_mode::read_only;
  std::vector<family> lacked;
  if (mode != open_mode::create) {
    TRY(lacked, lacked_families(options, path, families));
    options.create_missing_column_families = !lacked.empty();
  }
  auto replayed = std::make_unique<replayed_wal>();
  const auto& found = *replayed;
  if (read_only)
    options.wal_filter = replayed.get();
  else {
    options.sst_file_manager.reset(rocksdb::NewSstFileManager(options.env));
    options.sst_file_manager->SetMaxAllowedSpaceUsage(1); // until leave_free()
  }
  // What is opened for writing gets what it lacks.
  const auto is_there = [&](std::size_t index) {
    return !read_only || std::ranges::find(lacked, static_cast<family>(index)) == lacked.end();
  };
  std::vector<rocksdb::ColumnFamilyDescriptor> asked;
  for (std::size_t i = 0; i < families.size(); ++i)
    if (is_there(i))
      asked.push_back(families[i]);
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const auto status = open_in_mode(mode, options, path.string(), asked, handles, opened);
  // From here on it closes what it has opened.
  std::unique_ptr<rocksdb_database> database{
      new rocksdb_database{std::move(replayed), std::unique_ptr<rocksdb::DB>{opened}, families,
                           read_only, memory.open_tables, options.sst_file_manager}};
  for (std::size_t i = 0, next = 0; i < families.size() && next < handles.size(); ++i)
    if (is_there(i))
      database->handles_[i] = handles[next++];
  if (found.repeated())
    return repeats(*found.repeated());
  if (!status.ok())
    return cannot_open(path, status);
  if (!read_only)
    database->show_newest();
  return database;
}

rocksdb_database::~rocksdb_database() {
  shown_.reset();
  for (auto* handle : handles_)
    if (handle != nullptr)
      database_->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
}

void rocksdb_database::stop_background_work() {
  rocksdb::CancelAllBackgroundWork(database_.get(), true);
}

result<void> rocksdb_database::copy_to(const std::filesystem::path& to) const {
  constexpr auto no_flush = std::numeric_limits<std::uint64_t>::max();
  CHECK(flush());
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(database_.get(), &made);
  std::unique_ptr<rocksdb::Checkpoint> checkpoint{made};
  // What was written since the flush is in the WAL, of which it makes a copy. Its own flush would
  // wait where many tables wait to be merged.
  if (status.ok())
    status = checkpoint->CreateCheckpoint(to.string(), no_flush);
  if (!status.ok())
    return from_status(status, "cannot copy the database to " + to.string());
  return {};
}

result<void> rocksdb_database::flush() const {
  rocksdb::FlushOptions at_once;
  at_once.allow_write_stall = true; // else it waits for compactions, which may wait for room
  const auto status = database_->Flush(at_once, handles_);
  return status.ok() ? result<void>{} : from_status(status, "cannot flush " + database_->GetName());
}

bool rocksdb_database::has_view_before(std::uint64_t write) const {
  std::uint64_t oldest = 0; // 0: there is no view
  database_->GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
  return oldest != 0 && oldest < write;
}

result<void> rocksdb_database::begin_new_files() {
  // Gives it something to flush, so that a new WAL is certain.
  rocksdb::WriteBatch something;
  auto status = something.Delete(handle(family::unused), "rewritten");
  if (!status.ok())
    return from_status(status, "cannot build a write");
  if (auto written = write(something, true); !written)
    return written;
  return flush();
}

result<void> rocksdb_database::compact(family where, std::atomic<bool>& stop) {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = true;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  options.canceled = &stop;
  auto status = database_->CompactRange(options, handle(where), nullptr, nullptr);
  if (stop)
    return error{errc::service_unavailable, "the service is stopping"};
  return status.ok() ? result<void>{}
                     : from_status(status, "cannot compact " + database_->GetName());
}

result<void> rocksdb_database::await_compactions(std::atomic<bool>& stop) {
  // begin_new_files() gave this family a table; an exclusive compaction starts when the others have
  // finished.
  const unlimited_compactions none_waits{*this};
  return compact(family::unused, stop);
}

result<void> rocksdb_database::rewrite(std::atomic<bool>& stop) {
  const unlimited_compactions none_waits{*this};
  for (std::size_t i = 0; i < handles_.size(); ++i)
    if (auto done = compact(static_cast<family>(i), stop); !done)
      return done;
  return {};
}

// RocksDB starts a compaction only if its inputs, and those of the ones that run, fit once more
// below the allowed total of all tables; else it looks again a second later, and one that was asked
// for fails. The total itself is no limit here: see error_policy.
void rocksdb_database::leave_free(std::uint64_t mark, std::uint64_t left) {
  const std::lock_guard lock{limit_};
  if (!files_ || unlimited_ > 0)
    return;
  const auto usable = left > mark ? left - mark : 0;
  files_->SetMaxAllowedSpaceUsage(mark == 0 ? 0 : files_->GetTotalSize() + usable + 1);
}

rocksdb_database::unlimited_compactions::unlimited_compactions(rocksdb_database& database)
    : database_(database) {
  const std::lock_guard lock{database_.limit_};
  ++database_.unlimited_;
  if (database_.files_)
    database_.files_->SetMaxAllowedSpaceUsage(0);
}

rocksdb_database::unlimited_compactions::~unlimited_compactions() {
  const std::lock_guard lock{database_.limit_};
  --database_.unlimited_;
}

result<void> rocksdb_database::remove_unneeded_files() {
  // Calls are counted, so that a copy being made keeps its files.
  auto status = database_->DisableFileDeletions();
  if (status.ok())
    status = database_->EnableFileDeletions(false);
  return status.ok() ? result<void>{}
                     : from_status(status, "cannot remove files of " + database_->GetName());
}

std::vector<live_table> rocksdb_database::live_files() const {
  std::vector<rocksdb::LiveFileMetaData> files;
  database_->GetLiveFilesMetaData(&files);
  std::vector<live_table> out;
  out.reserve(files.size());
  for (const auto& file : files)
    out.push_back({std::filesystem::path{file.directory} / file.relative_filename,
                   file.column_family_name, file.size});
  return out;
}

std::vector<std::string> rocksdb_database::live_tables() const {
  std::vector<std::string> out;
  for (const auto& file : live_files())
    out.push_back(file.path.filename().string());
  return out;
}

std::uint64_t rocksdb_database::table_bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& file : live_files())
    bytes += file.size;
  return bytes;
}

std::uint64_t rocksdb_database::unflushed_bytes() const {
  std::uint64_t bytes = 0;
  database_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &bytes);
  return bytes;
}

rocksdb::ColumnFamilyHandle* rocksdb_database::handle(family where) const {
  const auto index = static_cast<std::size_t>(where);
  return index < handles_.size() ? handles_[index] : nullptr;
}

rocksdb_database::snapshot_ptr rocksdb_database::shown() const {
  std::lock_guard lock{shown_mutex_};
  return shown_;
}

void rocksdb_database::show_newest() {
  snapshot_ptr newest{database_->GetSnapshot(), [this](const rocksdb::Snapshot* snapshot) {
                        database_->ReleaseSnapshot(snapshot);
                      }};
  std::lock_guard lock{shown_mutex_};
  shown_.swap(newest); // the old one is released after the lock
}

result<void> rocksdb_database::write(rocksdb::WriteBatch& batch, bool sync) {
  return write(batch, sync, [] { return result<void>{}; });
}

result<void> rocksdb_database::commit(rocksdb::WriteBatch& batch,
                                      const std::function<result<void>()>& acknowledge) {
  return write(batch, true, acknowledge);
}

result<void> rocksdb_database::write(rocksdb::WriteBatch& batch, bool sync,
                                     const std::function<result<void>()>& acknowledge) {
  return write_alone([&]() -> result<void> {
    rocksdb::WriteOptions options;
    options.sync = sync;
    if (auto status = database_->Write(options, &batch); !status.ok())
      return from_status(status, "cannot write to " + database_->GetName());
    return acknowledge();
  });
}

result<void> rocksdb_database::write_alone(const std::function<result<void>()>& change) {
  // One at a time, so that none shows what another has not been acknowledged for.
  std::lock_guard alone{writing_};
  if (write_failed_)
    return error{errc::io_failed, "cannot write to " + database_->GetName() + ": a write failed"};
  write_failed_ = true; // unless it gets to the end
  CHECK(change());
  show_newest();
  write_failed_ = false;
  return {};
}

result<void> rocksdb_database::recreate(family where) {
  const auto index = static_cast<std::size_t>(where);
  return write_alone([&]() -> result<void> {
    auto*& handle = handles_[index];
    auto status = database_->DropColumnFamily(handle);
    if (status.ok())
      status = database_->DestroyColumnFamilyHandle(std::exchange(handle, nullptr));
    if (status.ok())
      status =
          database_->CreateColumnFamily(families_[index].options, families_[index].name, &handle);
    return status.ok() ? result<void>{}
                       : from_status(status, "cannot make table " + families_[index].name +
                                                 " anew in " + database_->GetName());
  });
}

rocksdb_view::rocksdb_view(const rocksdb_database& database)
    : database_(database), snapshot_(database.shown()) {}

rocksdb::ReadOptions rocksdb_view::options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_.get();
  return options;
}

result<std::optional<std::string>> rocksdb_view::get(family where, std::string_view key) const {
  std::string value;
  if (database_.handle(where) == nullptr)
    return std::optional<std::string>{};
  auto status = database_.database_->Get(options(), database_.handle(where), key, &value);
  if (status.IsNotFound())
    return std::optional<std::string>{};
  if (!status.ok())
    return from_status(status, "cannot read");
  return std::optional{std::move(value)};
}

result<std::vector<std::optional<std::string>>>
rocksdb_view::get_many(family where, std::span<const std::string> keys) const {
  if (database_.handle(where) == nullptr)
    return std::vector<std::optional<std::string>>(keys.size());
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  database_.database_->MultiGet(options(), database_.handle(where), slices.size(), slices.data(),
                                values.data(), statuses.data());
  std::vector<std::optional<std::string>> out(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok())
      out[i] = values[i].ToString();
    else if (!statuses[i].IsNotFound())
      return from_status(statuses[i], "cannot read");
  }
  return out;
}

rocksdb_range::rocksdb_range(const rocksdb_view& from, family where, std::optional<std::string> end,
                             reading how)
    : end_(std::move(end)) {
  auto options = from.options();
  if (how == reading::sweep) {
    options.fill_cache = false;
    options.readahead_size = sweep_readahead;
  }
  if (end_) {
    end_slice_ = *end_;
    options.iterate_upper_bound = &end_slice_;
  }
  const auto& database = from.database_;
  auto* const rows = database.handle(where);
  rows_.reset(rows != nullptr ? database.database_->NewIterator(options, rows)
                              : rocksdb::NewEmptyIterator());
}

} // namespace headwater::store
