#pragma once

// Streams of events: appended under an expected version, read back in order.
//
// Operation: an event gets the next sequence of its stream and the next position of the log, is
// chained to the one before it in its stream, and is on disk before any reader sees it. A failed
// write stops the log for good: append() answers `stopped` from then on, and readers continue with
// what was acknowledged.
//
// Concurrency: append() and sync_head() have one caller at a time (the journal actor). Every other
// function is thread-safe and runs beside them. All block on the disk, so call them from a reader,
// never from an actor on a scheduler worker; only end(), stopped_reason() and statistics() do not.
//
// Limits: a commit is limited to max_commit_bytes (appender.hpp), but never split within a command.
// A read keeps the engine's state of its beginning alive for as long as it takes.

#include "domain/core/error.hpp"
#include "store/log/append_request.hpp"
#include "store/log/event.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store {

/// Called for each event in order; returning an error ends the read with that error.
using event_visitor = std::function<result<void>(const recorded_event&)>;

/// Called for each stream in the order of keys; returning an error ends the visit.
using head_visitor = std::function<result<void>(const stream_name&, const stream_head&)>;

/// Says whether a log that ends like this may be opened.
using end_check = std::function<result<void>(const log_end&)>;

class event_log {
public:
  /// Appends a group of requests with one synced write: on return every `appended` event is on disk
  /// and HEAD names the last one. The requests are independent: a conflict in one does not affect
  /// the others. `now` is the wall clock; an event's time is max(now, last event's time).
  [[nodiscard]] virtual std::vector<append_outcome> append(std::span<const append_request> group,
                                                           micros now) = 0;

  /// Syncs HEAD to disk; called once a second.
  [[nodiscard]] virtual result<void> sync_head() = 0;

  /// Why the log accepts no more writes; nothing while it does.
  [[nodiscard]] virtual std::optional<std::string> stopped_reason() const = 0;

  [[nodiscard]] virtual commit_statistics statistics() const = 0;
  [[nodiscard]] std::uint64_t commits() const { return statistics().commits; }

  /// Reads a stream from `from_sequence` on, checking sequence, position, payload hash and chain
  /// (starting with the stored chain value of the event before). errc::corrupt_log names stream and
  /// sequence.
  [[nodiscard]] virtual result<void> read_stream(const stream_name& stream,
                                                 std::uint64_t from_sequence,
                                                 const event_visitor& visit) const = 0;

  /// Reads every stream whose name starts with `prefix` (empty: every stream) from its first event
  /// on, one after the other, as read_stream() does: the fast way to replay a whole log.
  [[nodiscard]] virtual result<void> read_streams(std::string_view prefix,
                                                  const event_visitor& visit) const = 0;

  /// Reads every event from a global position on; checks for gaps but not chains.
  [[nodiscard]] virtual result<void> read_all(std::uint64_t from_position,
                                              const event_visitor& visit) const = 0;

  /// read_stream() descending, from `from_sequence`, or the head if that comes first, down to the
  /// first event. Each event is checked against the one before it, which is read for that: if that
  /// one is damaged, neither is visited.
  [[nodiscard]] virtual result<void> read_stream_back(const stream_name& stream,
                                                      std::uint64_t from_sequence,
                                                      const event_visitor& visit) const = 0;

  /// read_all() descending, from `from_position`, or the end if that comes first.
  [[nodiscard]] virtual result<void> read_all_back(std::uint64_t from_position,
                                                   const event_visitor& visit) const = 0;

  /// Every stream and its stored head, by which readers find the end of a stream.
  [[nodiscard]] virtual result<void> visit_heads(const head_visitor& visit) const = 0;

  /// The last sequence of a stream; 0 where there is none.
  [[nodiscard]] virtual result<std::uint64_t> version(const stream_name& stream) const = 0;

  /// Where a stream's idempotency keys were used, in the order asked; nothing for one that was not.
  [[nodiscard]] virtual result<std::vector<std::optional<idempotent_use>>>
  find_uses(const stream_name& stream, std::span<const std::string> keys) const = 0;

  /// The same for one key.
  [[nodiscard]] result<std::optional<idempotent_use>> find_use(const stream_name& stream,
                                                               std::string key) const {
    auto uses = find_uses(stream, {&key, 1});
    if (!uses)
      return uses.error();
    return uses->front();
  }

  /// The last acknowledged event.
  [[nodiscard]] virtual log_end end() const = 0;

protected:
  ~event_log() = default;
};

} // namespace headwater::store
