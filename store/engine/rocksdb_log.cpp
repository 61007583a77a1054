#include "store/engine/rocksdb_log.hpp"

#include "domain/core/try.hpp"
#include "store/engine/rocksdb_parts.hpp"
#include "store/engine/rocksdb_status.hpp"
#include "store/engine/rocksdb_tables.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/records.hpp"
#include "store/tables/keys.hpp"
#include "store/tables/mergers.hpp"

#include <algorithm>
#include <set>

namespace headwater::store {
namespace {

using range = rocksdb_range;

/// Collects writes; if RocksDB refuses one, the whole batch is refused.
class batch_builder {
public:
  batch_builder(const rocksdb_database& database, std::size_t bytes)
      : database_(database), batch_(bytes) {}

  void put(family where, std::string_view key, std::string_view value) {
    note(batch_.Put(database_.handle(where), key, value));
  }
  /// Takes the value in two pieces, so that a long one need not be assembled first.
  void put(family where, std::string_view key, std::string_view head, std::string_view rest) {
    const rocksdb::Slice whole_key{key};
    const rocksdb::Slice value[] = {head, rest};
    note(batch_.Put(database_.handle(where), rocksdb::SliceParts{&whole_key, 1},
                    rocksdb::SliceParts{value, 2}));
  }
  void write(const table_write& change) {
    if (change.key == mark_key)
      return;
    if (change.value && merge_function_of(change.where) != nullptr)
      note(batch_.Merge(database_.handle(family_of(change.where)), change.key, *change.value));
    else if (change.value)
      put(family_of(change.where), change.key, *change.value);
    else
      note(batch_.Delete(database_.handle(family_of(change.where)), change.key));
  }
  [[nodiscard]] result<rocksdb::WriteBatch*> finished() {
    if (!status_.ok())
      return from_status(status_, "cannot build a write");
    return &batch_;
  }

private:
  void note(const rocksdb::Status& status) {
    if (status_.ok() && !status.ok())
      status_ = status;
  }

  const rocksdb_database& database_;
  rocksdb::WriteBatch batch_;
  rocksdb::Status status_;
};

void put_events(batch_builder& out, const commit_batch& batch) {
  for (const auto& event : batch.events) {
    auto key = event_key(event.header->stream, event.header->sequence);
    out.put(family::events, key, write_record_head(event.header_text, event.chain, event.part),
            event.part != nullptr ? std::string_view{event.part->text} : std::string_view{});
    out.put(family::positions, be64_key(event.header->position), key);
  }
  for (const auto& [stream, head] : batch.heads)
    out.put(family::heads, stream_key(stream), write_stream_head(head));
  for (const auto& used : batch.uses)
    out.put(family::idempotency, as_bytes(use_key(*used.stream, *used.key)), write_use(used.use));
  for (const auto* change : batch.writes)
    out.write(*change);
}

/// Those of the marked families that reflect the whole log.
std::set<family> find_complete(const rocksdb_database& database, const log_end& end) {
  std::set<family> out;
  const rocksdb_view from{database};
  for (const auto where : marked_families) {
    const auto mark = find_mark(from, where); // a damaged one is as good as none
    if (mark && mark->value_or(0) == end.position)
      out.insert(where);
  }
  return out;
}

/// RocksDB 7.8.3 aborts on an assertion, in Debian's build as well, when it closes a WAL whose
/// write failed. So such a database stays open, and locked, until the process ends.
void keep_until_exit(std::unique_ptr<data_directory> directory,
                     std::unique_ptr<rocksdb_database> database) {
  struct failed_log {
    std::unique_ptr<data_directory> directory;
    std::unique_ptr<rocksdb_database> database;
  };
  static auto& failed_logs = *new std::vector<failed_log>; // never destroyed
  static std::mutex mutex;
  database->stop_background_work();
  std::lock_guard lock{mutex};
  failed_logs.push_back({std::move(directory), std::move(database)});
}

error read_only_error() {
  return {errc::io_failed, "the log is open for reading only"};
}

} // namespace

rocksdb_log::rocksdb_log(parts opened)
    : log_engine({*this, *this, *this, *this, this}), directory_(std::move(opened.directory)),
      head_(std::move(opened.head)), database_(std::move(opened.database)),
      appender_(opened.end, opened.cached_stream_heads), end_(opened.end) {
  if (head_)
    complete_ = find_complete(*database_, end_);
  else
    appender_.stop(read_only_error().message);
}

rocksdb_log::~rocksdb_log() {
  // There is no one left to report an error to, and an older HEAD on disk is never wrong.
  if (head_ && !stopped_reason())
    static_cast<void>(head_->sync());
  if (database_ && write_failed_)
    keep_until_exit(std::move(directory_), std::move(database_));
}

std::vector<append_outcome> rocksdb_log::append(std::span<const append_request> group, micros now) {
  return appender_.append(group, now, *this);
}

result<stream_head> rocksdb_log::load_head(const stream_name& stream) {
  return find_head(rocksdb_view{*database_}, stream);
}

// The order is what keeps the invariants of the header:
//
//   WriteBatch, synced  ->  HEAD written  ->  end_ and recent_  ->  replies
//       on disk             never ahead       what end() shows
//
// A kill between any two steps leaves events on disk that no reply acknowledged; the next start
// shows them and brings HEAD up to them. HEAD itself is synced once a second: an older HEAD is
// true, it only guards less of the tail. Until HEAD is written readers see the state before the
// write, and if a step fails, they go on seeing it.
result<void> rocksdb_log::commit(const commit_batch& batch) {
  batch_builder builder{*database_, batch.bytes};
  put_events(builder, batch);
  // A mark on a table that lacks earlier rows would hide that from the next start.
  for (const auto where : complete_)
    builder.put(where, mark_key, be64_key(batch.end.position));
  TRY(auto built, builder.finished());
  CHECK(stop_unless(database_->commit(
      *built, [&] { return head_->write_end(batch.end.position, batch.end.chain); })));
  std::lock_guard lock{end_mutex_};
  end_ = batch.end;
  for (const auto& event : batch.events)
    recent_.add(event.header->position, event.chain);
  return {};
}

log_end rocksdb_log::end() const {
  std::lock_guard lock{end_mutex_};
  return end_;
}

result<stream_head> rocksdb_log::visible_head(const rocksdb_view& from,
                                              const stream_name& stream) const {
  auto head = find_head(from, stream);
  return head ? visible(from, stream, *head) : head;
}

result<stream_head> rocksdb_log::visible(const rocksdb_view& from, const stream_name& stream,
                                         const stream_head& head) const {
  // A writer's database holds nothing that readers may not see; a reader's may be ahead of HEAD.
  if (head_ || head.position <= end_.position)
    return head;
  range events{from, family::events, stream_end_key(stream)};
  recorded_event event;
  for (auto sequence = head.version; sequence > 0; --sequence) {
    events->Seek(event_key(stream, sequence));
    if (!events->Valid() || !read_record(events->value().ToStringView(), event))
      return events->status().ok() ? corrupt_event(stream, sequence, "its record is damaged")
                                   : reading_error(events->status(), stream, sequence);
    if (event.header.position <= end_.position)
      return stream_head{event.header.sequence, event.header.position, event.chain};
  }
  return stream_head{};
}

result<std::uint64_t> rocksdb_log::version(const stream_name& stream) const {
  TRY(auto head, visible_head(rocksdb_view{*database_}, stream));
  return head.version;
}

result<std::vector<std::optional<idempotent_use>>>
rocksdb_log::find_uses(const stream_name& stream, std::span<const std::string> keys) const {
  rocksdb_view from{*database_};
  std::vector<std::string> rows;
  rows.reserve(keys.size());
  for (const auto& key : keys)
    rows.emplace_back(as_bytes(use_key(stream, key)));
  TRY(const auto values, from.get_many(family::idempotency, rows));
  std::vector<std::optional<idempotent_use>> out(keys.size());
  std::optional<stream_head> head;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!values[i])
      continue;
    const auto use = read_use(*values[i]);
    if (!use)
      return error{errc::corrupt_log, "stream " + stream + ": the use of a key is damaged"};
    if (!head) {
      TRY(head, visible_head(from, stream));
    }
    if (use->first_sequence <= head->version)
      out[i] = use;
  }
  return out;
}

result<std::optional<std::string>> rocksdb_log::get(table where, std::string_view key) const {
  return rocksdb_tables{*database_}.get(where, key);
}

result<std::vector<std::optional<std::string>>>
rocksdb_log::get_many(table where, std::span<const std::string> keys) const {
  auto found = rocksdb_view{*database_}.get_many(family_of(where), keys);
  for (std::size_t i = 0; found && i < keys.size(); ++i)
    if (keys[i] == mark_key)
      (*found)[i].reset();
  return found;
}

result<void> rocksdb_log::scan(table where, std::string_view prefix, std::string_view from,
                               const row_visitor& visit) const {
  return rocksdb_tables{*database_}.scan(where, prefix, from, visit);
}

std::unique_ptr<const table_reader> rocksdb_log::view() const {
  return std::make_unique<rocksdb_tables>(*database_);
}

result<void> rocksdb_log::scan_back(table where, std::string_view prefix,
                                    const row_visitor& visit) const {
  rocksdb_view state{*database_};
  range rows{state, family_of(where), prefix_end(prefix)};
  for (rows->SeekToLast(); rows->Valid() && rows->key().starts_with(prefix); rows->Prev())
    if (rows->key() != mark_key && !visit(rows->key().ToStringView(), rows->value().ToStringView()))
      return {};
  if (!rows->status().ok())
    return from_status(rows->status(), "cannot scan");
  return {};
}

result<void> rocksdb_log::put(std::span<const table_write> rows) {
  if (auto allowed = check_needs_no_event(rows); !allowed)
    return allowed;
  return put_aside(rows, false);
}

result<void> rocksdb_log::put_checkpoint(std::uint64_t size, std::string_view note) {
  const table_write row{table::proofs, checkpoint_key(size), std::string{note}};
  if (auto written = put_aside({&row, 1}, true); !written)
    return written;
  auto named = head_->write_checkpoint(size);
  if (!named)
    appender_.stop(named.error().message);
  return named;
}

result<void> rocksdb_log::put_aside(std::span<const table_write> rows, bool sync) {
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  batch_builder builder{*database_, 0};
  for (const auto& row : rows)
    builder.write(row);
  TRY(auto built, builder.finished());
  return write_aside(*built, sync);
}

result<void> rocksdb_log::write_aside(rocksdb::WriteBatch& batch, bool sync) {
  return stop_unless(database_->write(batch, sync));
}

result<void> rocksdb_log::stop_unless(result<void> done) {
  if (!done) {
    // RocksDB accepts no more writes either, and closing it would abort.
    write_failed_ = true;
    appender_.stop(done.error().message);
  }
  return done;
}

result<std::optional<std::uint64_t>> rocksdb_log::position(table where) const {
  if (!is_projection(where))
    return std::optional<std::uint64_t>{};
  auto mark = find_mark(rocksdb_view{*database_}, family_of(where));
  // A damaged table has to be rebuilt.
  if (!mark && mark.error().code == errc::corrupt_log)
    return std::optional<std::uint64_t>{};
  return mark;
}

result<void> rocksdb_log::rebuild(table where,
                                  const std::function<result<void>(const row_sink&)>& fill) {
  if (!can_be_rebuilt(where))
    return error{errc::internal_error, "this table is not from the log"};
  if (auto reason = stopped_reason())
    return error{errc::io_failed, std::move(*reason)};
  // It loses its mark, too: from here until the last write below it is not trusted, however this
  // ends.
  complete_.erase(family_of(where));
  CHECK(stop_unless(database_->recreate(family_of(where))));
  auto filled = fill([&](std::span<const table_write> changes) -> result<void> {
    batch_builder rows{*database_, 0};
    for (const auto& change : changes)
      if (change.where == where)
        rows.write(change);
    TRY(auto built, rows.finished());
    return write_aside(*built, false);
  });
  if (!filled || !is_projection(where))
    return filled;
  batch_builder last{*database_, 0};
  last.put(family_of(where), mark_key, be64_key(end().position));
  TRY(auto built, last.finished());
  CHECK(write_aside(*built, true));
  complete_.insert(family_of(where));
  return {};
}

void rocksdb_log::stop_background_work() {
  database_->stop_background_work();
}

std::optional<disk_room> rocksdb_log::look_at_disk(const low_water& mark) {
  if (!directory_ || write_failed_)
    return std::nullopt;
  const auto found = disk_space_of(directory_->path());
  if (!found)
    return std::nullopt;
  const disk_room room{*found, database_->unflushed_bytes(), bytes_of(mark, found->size)};
  database_->leave_free(room.mark, room.left());
  return room;
}

result<void> rocksdb_log::sync_head() {
  if (!head_ || stopped_reason())
    return {};
  auto synced = head_->sync();
  if (!synced)
    appender_.stop(synced.error().message);
  return synced;
}

std::optional<std::string> rocksdb_log::stopped_reason() const {
  return appender_.stopped_reason();
}

commit_statistics rocksdb_log::statistics() const {
  return appender_.statistics();
}

} // namespace headwater::store
