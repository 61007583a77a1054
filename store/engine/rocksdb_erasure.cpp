// Implements erasing in rocksdb_log. Payload parts and rows are removed first, by writes that
// affect neither chains nor heads nor marks, so they may run beside append(). What they have
// replaced stays in old tables and WALs until scrub() has rewritten all tables and those files are
// gone.

#include "domain/core/try.hpp"
#include "store/disk/files.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/engine/rocksdb_parts.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

constexpr auto patience = std::chrono::seconds{60};
constexpr auto pause = std::chrono::milliseconds{20};
// A table that is alone in its range is moved instead of rewritten; it is then at the bottom level,
// where the next pass rewrites it.
constexpr int most_passes = 3;
constexpr std::uint64_t room_for_erasure = std::uint64_t{16} << 20;

error stopping() {
  return {errc::service_unavailable, "the service is stopping"};
}

/// Waits until `is_so`; if it takes too long, reports that a reader is in the way.
result<void> await(const std::function<bool()>& is_so, const std::string& what,
                   const std::atomic<bool>& stop) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!is_so()) {
    if (stop)
      return stopping();
    if (std::chrono::steady_clock::now() > deadline)
      return error{errc::service_unavailable, "a reader still has " + what + " after a minute"};
    std::this_thread::sleep_for(pause);
  }
  return {};
}

/// The tables and WALs in a database's directory, including those it no longer needs.
result<std::vector<std::string>> data_files(const fs::path& directory) {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator at{directory, failed}, end; !failed && at != end;
       at.increment(failed))
    if (const auto kind = at->path().extension(); kind == ".sst" || kind == ".log")
      out.push_back(at->path().filename().string());
  if (failed)
    return error{errc::io_failed, "cannot list " + directory.string() + ": " + failed.message()};
  std::ranges::sort(out);
  return out;
}

bool have_in_common(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  return std::ranges::any_of(
      one, [&](const std::string& name) { return std::ranges::find(other, name) != other.end(); });
}

} // namespace

result<std::uint64_t> rocksdb_log::erase_parts(const stream_name& stream,
                                               std::span<const std::uint64_t> sequences) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  const rocksdb_view from{*database_};
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  std::uint64_t erased = 0;
  recorded_event event;
  for (const auto sequence : sequences) {
    const auto key = event_key(stream, sequence);
    auto record = from.get(family::events, key);
    if (!record)
      return record.error();
    if (!*record || !read_record(**record, event))
      return corrupt_event(stream, sequence,
                           *record ? "its record is damaged" : "its record is missing");
    if (!event.part)
      continue;
    ++erased;
    status = batch.Put(database_->handle(family::events), key,
                       write_record(event.header_text, event.chain, nullptr));
    if (!status.ok() || !event.key)
      continue;
    const auto used = use_key(stream, event.key->key);
    TRY(auto value, from.get(family::idempotency, as_bytes(used)));
    const auto use = value ? read_use(*value) : std::nullopt;
    if (use && use_is_of(*use, sequence))
      status = batch.Delete(database_->handle(family::idempotency), as_bytes(used));
  }
  if (!status.ok())
    return from_status(status, "cannot build a write");
  if (erased > 0)
    CHECK(write_aside(batch, true));
  return erased;
}

result<void> rocksdb_log::erase_rows(std::span<const row_range> ranges) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  rocksdb::WriteBatch batch;
  for (const auto& range : ranges) {
    // The empty key is the mark.
    if (range.from.empty() || range.to <= range.from)
      return error{errc::internal_error, "a range of rows without a beginning or an end"};
    if (auto status =
            batch.DeleteRange(database_->handle(family_of(range.where)), range.from, range.to);
        !status.ok())
      return from_status(status, "cannot build a write");
  }
  return write_aside(batch, true);
}

result<void> rocksdb_log::scrub(std::atomic<bool>& stop) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  const auto needed = database_->table_bytes() + database_->unflushed_bytes() + room_for_erasure;
  if (auto room = check_reserve(directory_->path(), needed); !room)
    return room;
  // No compaction may drop what an older view still shows.
  const auto last = database_->last_write();
  if (auto gone = await([&] { return !database_->has_view_before(last); }, "an old state", stop);
      !gone)
    return gone;
  const auto files = database_path(directory_->path());
  TRY(const auto logs, data_files(files));
  CHECK(stop_unless(database_->begin_new_files()));
  if (auto done = database_->await_compactions(stop); !done)
    return done;
  const auto tables = data_files(files);
  if (!tables)
    return tables.error();
  // The files that were there before, and the tables; the new WAL stays.
  auto old = *tables;
  std::erase_if(old, [](const std::string& name) { return name.ends_with(".log"); });
  for (int pass = 0; pass == 0 || have_in_common(old, database_->live_tables()); ++pass) {
    if (pass == most_passes)
      return error{errc::internal_error, "tables are left that were not written anew"};
    if (auto done = database_->rewrite(stop); !done)
      return done;
  }
  std::ranges::copy_if(logs, std::back_inserter(old),
                       [](const std::string& name) { return name.ends_with(".log"); });
  return await_removal(old, stop);
}

result<void> rocksdb_log::await_removal(const std::vector<std::string>& files,
                                        const std::atomic<bool>& stop) {
  result<void> failed;
  const auto gone = [&] {
    failed = database_->remove_unneeded_files();
    const auto there = data_files(database_path(directory_->path()));
    if (failed && !there)
      failed = there.error();
    return !failed || !have_in_common(files, *there);
  };
  const auto awaited = await(gone, "files of an old state", stop);
  return failed ? awaited : failed;
}

} // namespace headwater::store
