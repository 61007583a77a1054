// Implements rocksdb_log::copy_to: copying a log beside its own appends, and comparing the copy.

#include "domain/core/try.hpp"
#include "store/disk/files.hpp"
#include "store/engine/hole_check.hpp"
#include "store/engine/rocksdb_log.hpp"
#include "store/engine/rocksdb_parts.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"

#include <chrono>
#include <thread>

namespace headwater::store {
namespace {

namespace fs = std::filesystem;

// In addition to what the flush writes: a WAL, a MANIFEST, and some for appends in the meantime. A
// failed flush would stop the log, while a refused snapshot does not.
constexpr std::uint64_t room_for_copy = std::uint64_t{8} << 20;
constexpr auto commit_patience = std::chrono::seconds{60};
constexpr auto commit_pause = std::chrono::milliseconds{1};

result<void> sync_all(const fs::path& directory) {
  std::error_code failed;
  for (fs::directory_iterator at{directory, failed}, end; !failed && at != end;
       at.increment(failed))
    if (auto synced = sync_file(at->path()); !synced)
      return synced;
  if (failed)
    return error{errc::io_failed, "cannot list " + directory.string() + ": " + failed.message()};
  return sync_directory(directory);
}

struct copied_end {
  log_end events;
  std::uint64_t checkpoint_size = 0;
};

/// Where the copied database ends, after checking that its marks agree.
result<copied_end> end_of_copy(const fs::path& directory, std::size_t open_tables) {
  const memory_settings memory{std::size_t{8} << 20, std::size_t{32} << 20, open_tables};
  TRY(auto copy, rocksdb_database::open(database_path(directory), memory, open_mode::read_only));
  const rocksdb_view from{*copy};
  TRY(auto end, find_end(from));
  if (auto whole = check_no_hole(directory, *copy); !whole)
    return whole.error();
  if (auto whole = check_marks(from, end); !whole)
    return whole.error();
  TRY(const auto last, find_last_checkpoint(from));
  return copied_end{end, last};
}

result<void> write_head(const fs::path& directory, const copied_end& copy) {
  if (auto created = head_file::create(head_path(directory)); !created)
    return created;
  TRY(auto head, head_file::open(head_path(directory)));
  if (auto written = head->write_end(copy.events.position, copy.events.chain); !written)
    return written;
  if (auto written = head->write_checkpoint(copy.checkpoint_size); !written)
    return written;
  return head->sync();
}

error stopped(const std::string& why) {
  return {errc::io_failed, "the log takes no more writes, so it cannot be copied: " + why};
}

} // namespace

result<log_end> rocksdb_log::copy_to(const fs::path& directory) const {
  if (auto why = stopped_reason())
    return stopped(*why);
  const auto before = end();
  if (auto room = check_reserve(directory_->path(), database_->unflushed_bytes() + room_for_copy);
      !room)
    return room.error();
  if (auto copied = database_->copy_to(fs::absolute(database_path(directory))); !copied)
    return copied.error();
  if (auto synced = sync_all(database_path(directory)); !synced)
    return synced.error();
  auto copy = end_of_copy(directory, open_tables());
  if (!copy)
    return copy.error();
  if (copy->events.position < before.position)
    return error{errc::corrupt_log, "the copy in " + directory.string() + " ends at position " +
                                        std::to_string(copy->events.position) + ", and position " +
                                        std::to_string(before.position) + " was acknowledged"};
  CHECK(await_acknowledged(copy->events));
  CHECK(write_head(directory, *copy));
  CHECK(write_format(directory));
  return copy->events;
}

std::size_t rocksdb_log::open_tables() const {
  return database_->open_tables();
}

result<void> rocksdb_log::await_acknowledged(const log_end& copy) const {
  const auto deadline = std::chrono::steady_clock::now() + commit_patience;
  while (end().position < copy.position) {
    if (auto why = stopped_reason())
      return stopped(*why);
    if (std::chrono::steady_clock::now() > deadline)
      return error{errc::io_failed, "the log was not done with position " +
                                        std::to_string(copy.position) + " in a minute"};
    std::this_thread::sleep_for(commit_pause);
  }
  if (copy.position == 0)
    return {};
  TRY(auto own, read_at(rocksdb_view{*database_}, copy.position));
  if (own.chain != copy.chain)
    return error{errc::corrupt_log,
                 "the copy differs from the log at position " + std::to_string(copy.position)};
  return {};
}

result<void> rocksdb_log::visit_heads(const head_visitor& visit) const {
  const rocksdb_view from{*database_};
  rocksdb_range rows{from, family::heads, std::nullopt};
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    if (rows->key() == mark_key)
      continue;
    // A stream's key is the prefix of its events' keys.
    auto place = parse_event_key(rows->key().ToString() + be64_key(1));
    auto head = read_stream_head(rows->value().ToStringView());
    if (!place || !head)
      return error{errc::corrupt_log, place ? "stream " + place->stream + ": its head is damaged"
                                            : "the key of a stream's head is damaged"};
    TRY(const auto seen, visible(from, place->stream, *head));
    if (seen.version == 0)
      continue;
    if (auto visited = visit(place->stream, seen); !visited)
      return visited;
  }
  if (!rows->status().ok())
    return from_status(rows->status(), "cannot read the stream heads");
  return {};
}

} // namespace headwater::store
