#pragma once

// The event log as the rest of the service sees it: streams of events that are appended under an
// expected version, and read back in order. Two engines stand behind it, RocksDB and memory, under
// one contract suite (tests/store).
//
// Threads: append() has one caller at a time (the journal actor). Every reading function is
// thread-safe, runs beside append() and blocks on the disk, so call it from a reader, never from
// an actor on a scheduler worker.

#include "domain/core/digest.hpp"
#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <array>
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

/// The name of a stream: "system", "account/<account_id>" or "connection/<ULID>".
using stream_name = std::string;

/// Who asked for a change and in which request. The principal is the decimal token id.
struct provenance {
  std::string principal;
  std::string request_id;
};

/// A client's Idempotency-Key. Its scope is the stream; `fingerprint` is SHA-256 over method,
/// target and body, each ended by one zero byte.
struct idempotency {
  std::string key;
  digest fingerprint{};
};

using event_salt = std::array<std::uint8_t, 16>;

/// The erasable half of an event: a random salt and the payload part as canonical JSON
/// {"idempotency_fingerprint","idempotency_key","payload","principal","request_id"}, with
/// payload_hash = SHA-256(salt || text).
struct sealed_part {
  event_salt salt{};
  std::string text;
  digest payload_hash{};
};

/// Builds the payload part. `payload` is canonical JSON. Pure: the caller brings the salt.
[[nodiscard]] sealed_part seal(const provenance& from, const std::optional<idempotency>& key,
                               std::string_view payload, const event_salt& salt);

/// An event that waits to be appended.
struct new_event {
  std::string type; ///< past tense, for example "referrer_mapping_created"
  int schema = 1;   ///< version of the payload's layout
  sealed_part part;
};

/// The named key spaces that projections live in; each a RocksDB column family.
enum class table : std::uint8_t {
  directory = 1, ///< accounts, brands, tokens
  referrals,     ///< connections, and the pages of their rows
  operational,   ///< not from the log: last_used_at, last_pushed_at, last_push_error
  rollups,       ///< what AI-referral rows add up to, see domain/referrals/rollup.hpp
  rows,          ///< AI-referral rows, see domain/referrals/row_block.hpp
  proofs,        ///< the Merkle tree of the events and its checkpoints, see stored_tree.hpp
  states,        ///< accounts' rules as they were at some events: a cache of replay
};

/// Whether a table is made from the log alone and reflects it up to a position.
[[nodiscard]] constexpr bool is_projection(table which) {
  return which != table::operational && which != table::proofs && which != table::states;
}

/// One change of a table: a value to put, or nothing to delete the key. A value of table::rollups
/// is added to what stands there, and one of table::rows put over it. The empty key is the log's
/// own: no row has it, and a write of it is left out.
struct table_write {
  table where;
  std::string key;
  std::optional<std::string> value;
};

struct event_header;

/// The table writes that depend on what the log assigns (times, sequences): called once by
/// append() with the headers of the command's events. Must be quick and must not throw.
using late_projection = std::function<std::vector<table_write>(std::span<const event_header>)>;

/// One command's events, at least one. They, the projection rows they change and the idempotency
/// key become visible together or not at all.
struct append_command {
  std::vector<new_event> events;
  std::optional<idempotency> key;
  std::vector<table_write> writes;
  late_projection late_writes = {}; ///< in addition to `writes`, and after them
};

/// Commands for one stream, which must stand at `expected_version` (its last sequence; 0: new).
/// A command without events stores nothing, neither its key nor its writes. A command is never
/// split over two commits; a request may be, between its commands.
struct append_request {
  stream_name stream;
  std::uint64_t expected_version = 0;
  std::vector<append_command> commands;
};

/// The half of an event that stays for ever. `text` is its canonical JSON
/// {"payload_hash","position","schema","sequence","stream","time","type"}, the bytes that are
/// chained.
struct event_header {
  stream_name stream;
  std::uint64_t sequence = 0; ///< 1, 2, 3 ... within the stream
  std::uint64_t position = 0; ///< 1, 2, 3 ... over all streams
  std::string type;
  int schema = 1;
  micros time = 0;
  digest payload_hash{};
};

/// What became of one append_request.
enum class append_status : std::uint8_t {
  appended = 1,
  conflict, ///< the stream stands elsewhere or cannot be read; nothing was written
  failed,   ///< the write failed: its outcome is unknown, and the log takes no more writes
  stopped,  ///< refused, because an earlier write failed; nothing was written
  closed, ///< refused by the journal, because the stream's account was erased; nothing was written
};

struct append_outcome {
  append_status status = append_status::failed;
  std::vector<event_header> events; ///< as appended, over all commands in order
  std::uint64_t stream_version = 0; ///< where the stream stands now
  std::string reason;               ///< for all but appended
};

/// An event as read back.
struct recorded_event {
  event_header header;
  std::string header_text;
  digest chain{};                  ///< SHA-256(previous chain of the stream || header_text)
  std::optional<sealed_part> part; ///< nothing once erased

  /// The parts of part->text, which decode() fills; `payload` is canonical JSON.
  provenance from;
  std::optional<idempotency> key;
  std::string payload;
};

/// Where an idempotency key was used: the first event of its command, and how many there were.
struct idempotent_use {
  digest fingerprint{};
  std::uint64_t first_sequence = 0;
  std::uint32_t events = 0;
};

/// The last event of a stream; all zeros before the first.
struct stream_head {
  std::uint64_t version = 0;  ///< its sequence
  std::uint64_t position = 0; ///< its global position
  digest chain{};

  bool operator==(const stream_head&) const = default;
};

/// Where the log ends.
struct log_end {
  std::uint64_t position = 0;
  digest chain{};
  micros time = 0;
};

/// Called for each event in order; returning an error ends the reading with that error.
using event_visitor = std::function<result<void>(const recorded_event&)>;

/// Called for each stream in the order of their keys; returning an error ends the visit.
using head_visitor = std::function<result<void>(const stream_name&, const stream_head&)>;

/// Called for each whole key of a scan in order; returning false ends it.
using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// What the log has done since it was opened. A commit is one synced write of a batch and of HEAD.
struct commit_statistics {
  std::uint64_t commits = 0;
  std::uint64_t commands = 0;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;    ///< of keys and values, about
  double seconds = 0;         ///< spent in commits
  double longest_seconds = 0; ///< of one commit
};

/// The rows of one table that an event changes. Called in order of position; it may read the log,
/// whose table then holds the rows of all earlier events.
using projector = std::function<result<std::vector<table_write>>(const recorded_event&)>;

/// Takes rows of a table that is being built anew.
using row_sink = std::function<result<void>(std::span<const table_write>)>;

/// The keys of a table from `from` on, which is not empty, and before `to`.
struct row_range {
  table where;
  std::string from;
  std::string to;
};

/// The keys that start with `prefix`, which is not empty.
[[nodiscard]] row_range rows_with(table where, std::string_view prefix);
/// One key.
[[nodiscard]] row_range row_at(table where, std::string_view key);

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
