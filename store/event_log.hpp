#pragma once

// The event log as the rest of the service sees it: streams of events that are appended under an
// expected version, and read back in order. Two engines stand behind it, RocksDB and memory, under
// one contract suite (tests/store).
//
// Threads: append() has one caller at a time (the journal actor). Every reading function is
// thread-safe, runs beside append() and blocks on the disk, so call it from a reader, never from
// an actor on a scheduler worker.

#include "domain/core/error.hpp"
#include "store/append_request.hpp"
#include "store/event.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store {

/// Called for each event in order; returning an error ends the reading with that error.
using event_visitor = std::function<result<void>(const recorded_event&)>;

/// Called for each stream in the order of their keys; returning an error ends the visit.
using head_visitor = std::function<result<void>(const stream_name&, const stream_head&)>;

/// Called for each whole key of a scan in order; returning false ends it.
using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// The rows of one table that an event changes. Called in order of position; it may read the log,
/// whose table then holds the rows of all earlier events.
using projector = std::function<result<std::vector<table_write>>(const recorded_event&)>;

/// Takes rows of a table that is being built anew.
using row_sink = std::function<result<void>(std::span<const table_write>)>;

/// Reads the projection tables. Thread-safe; blocks on the disk.
class table_reader {
public:
  virtual ~table_reader() = default;

  [[nodiscard]] virtual result<std::optional<std::string>> get(table where,
                                                               std::string_view key) const = 0;

  /// Visits all keys that start with `prefix`, ascending by bytes, from `prefix + from` on.
  [[nodiscard]] virtual result<void> scan(table where, std::string_view prefix,
                                          std::string_view from,
                                          const row_visitor& visit) const = 0;
};

class event_log : public table_reader {
public:
  /// Appends a group of requests with one synced write: on return every `appended` event is on
  /// disk and HEAD names the last one. The requests are independent: one that conflicts does not
  /// hinder the others. `now` is the wall clock; an event's time is max(now, last event's time).
  [[nodiscard]] virtual std::vector<append_outcome> append(std::span<const append_request> group,
                                                           micros now) = 0;

  /// Reads a stream from `from_sequence` on, checking sequence, position, payload hash and (from
  /// the chain value before it) chain. errc::corrupt_log names stream and sequence.
  [[nodiscard]] virtual result<void> read_stream(const stream_name& stream,
                                                 std::uint64_t from_sequence,
                                                 const event_visitor& visit) const = 0;

  /// Reads every stream whose name starts with `prefix` (empty: every stream) from its first event
  /// on, one after the other, as read_stream() does: the quick way to replay a whole log.
  [[nodiscard]] virtual result<void> read_streams(std::string_view prefix,
                                                  const event_visitor& visit) const = 0;

  /// Every stream and its head, as it is kept: readers find the end of a stream by it.
  [[nodiscard]] virtual result<void> visit_heads(const head_visitor& visit) const = 0;

  /// Reads every event from a global position on; density is checked, chains are not.
  [[nodiscard]] virtual result<void> read_all(std::uint64_t from_position,
                                              const event_visitor& visit) const = 0;

  [[nodiscard]] virtual result<std::uint64_t> version(const stream_name& stream) const = 0;

  [[nodiscard]] virtual result<std::optional<idempotent_use>>
  find_use(const stream_name& stream, std::string_view key) const = 0;

  [[nodiscard]] virtual log_end end() const = 0;

  // Projection tables.

  /// The tables as they stand at this moment, whatever is written meanwhile: for whoever reads more
  /// than one row and adds them up. Not to outlive the log, and not to be kept.
  [[nodiscard]] virtual std::unique_ptr<const table_reader> tables_now() const = 0;

  /// The values of many keys in the order asked; for deduplication.
  [[nodiscard]] virtual result<std::vector<std::optional<std::string>>>
  get_many(table where, std::span<const std::string> keys) const = 0;

  /// scan() descending, from the last key that starts with `prefix` on.
  [[nodiscard]] virtual result<void> scan_back(table where, std::string_view prefix,
                                               const row_visitor& visit) const = 0;

  /// Writes to table::operational without syncing and without an event. Thread-safe.
  [[nodiscard]] virtual result<void> put_operational(std::string_view key,
                                                     std::string_view value) = 0;

  /// Writes rows of table::proofs, all or none, without syncing: a later commit brings them to the
  /// disk. Those of other tables are left out. Thread-safe.
  [[nodiscard]] virtual result<void> put_proofs(std::span<const table_write> rows) = 0;

  /// Writes the note of a checkpoint of `size` events to table::proofs, synced; an opening from
  /// then on refuses a log without it. Use store::put_checkpoint. Thread-safe.
  [[nodiscard]] virtual result<void> put_checkpoint(std::uint64_t size, std::string_view note) = 0;

  /// put_proofs() of table::states.
  [[nodiscard]] virtual result<void> put_states(std::span<const table_write> rows) = 0;

  /// The chain values of the events from a position (1 or more) on, in order of position: `most` of
  /// them, fewer only at end(). Those of the last commits come from memory.
  [[nodiscard]] virtual result<std::vector<digest>> chains(std::uint64_t from_position,
                                                           std::size_t most) const = 0;

  /// The log position that a table reflects, or nothing where it was never finished. Compare it
  /// with end() after opening: anything else needs rebuild_projection(). Not for operational,
  /// proofs and states.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>>
  projection_position(table where) const = 0;

  /// Deletes the rows of `where` and has `fill` write them anew, recording the position last, so
  /// that a rebuild that was cut short is done again. Writes for other tables are left out. Only
  /// before the first append. Refused are table::operational, which is not from the log,
  /// table::proofs, whose checkpoints are not, and table::states, which nobody misses.
  [[nodiscard]] virtual result<void>
  rebuild(table where, const std::function<result<void>(const row_sink&)>& fill) = 0;

  /// The same from the whole log, event by event.
  [[nodiscard]] result<void> rebuild_projection(table where, const projector& project);

  // Erasure: beside append(), by one caller at a time. An error of the disk stops the log.

  /// Removes the payload parts of events of a stream, and where those used an idempotency key its
  /// record, in one synced write; bring a few at a time. Headers and chain values stay. Gives how
  /// many had a part still. errc::corrupt_log where there is no such event.
  [[nodiscard]] virtual result<std::uint64_t>
  erase_parts(const stream_name& stream, std::span<const std::uint64_t> sequences) = 0;

  /// Deletes rows in one synced write.
  [[nodiscard]] virtual result<void> erase_rows(std::span<const row_range> ranges) = 0;

  /// Writes all that the log keeps anew, so that afterwards no byte of its directory is left of
  /// what was erased, deleted or replaced before the call. Takes as long as copying the database;
  /// `stop` ends it. errc::service_unavailable: stopped, or a reader still has the old state after
  /// a minute; errc::io_failed: also where there is no room.
  [[nodiscard]] virtual result<void> scrub(std::atomic<bool>& stop) = 0;

  // For the journal actor.

  /// Syncs HEAD to disk; once a second. Same thread as append().
  [[nodiscard]] virtual result<void> sync_head() = 0;

  /// Why the log takes no more writes; nothing while it does. Thread-safe.
  [[nodiscard]] virtual std::optional<std::string> stopped_reason() const = 0;

  /// Thread-safe.
  [[nodiscard]] virtual commit_statistics statistics() const = 0;
  [[nodiscard]] std::uint64_t commits() const { return statistics().commits; }
};

} // namespace headwater::store
