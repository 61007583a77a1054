#pragma once

// Streams of events: appended under an expected version, read back in order.
//
// Operation: an event gets the next sequence of its stream and the next position of the log, is
// chained to the one before it in its stream, and is on the disk before anybody sees it. A write
// that fails stops the log for good: append() answers `stopped` from then on, and readers go on
// with what was acknowledged.
//
// Concurrency: append() and sync_head() have one caller at a time (the journal actor). Every other
// function is thread-safe and runs beside them. They block on the disk, so call them from a
// reader, never from an actor on a scheduler worker; only end(), stopped_reason() and statistics()
// do not.
//
// Limits: a commit is cut at max_commit_bytes (appender.hpp), but never within a command. A reading
// keeps the state of its beginning alive in the engine for as long as it takes.

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

/// Called for each event in order; returning an error ends the reading with that error.
using event_visitor = std::function<result<void>(const recorded_event&)>;

/// Called for each stream in the order of their keys; returning an error ends the visit.
using head_visitor = std::function<result<void>(const stream_name&, const stream_head&)>;

class event_log {
public:
  /// Appends a group of requests with one synced write: on return every `appended` event is on
  /// disk and HEAD names the last one. The requests are independent: one that conflicts does not
  /// hinder the others. `now` is the wall clock; an event's time is max(now, last event's time).
  [[nodiscard]] virtual std::vector<append_outcome> append(std::span<const append_request> group,
                                                           micros now) = 0;

  /// Syncs HEAD to disk; once a second.
  [[nodiscard]] virtual result<void> sync_head() = 0;

  /// Why the log takes no more writes; nothing while it does.
  [[nodiscard]] virtual std::optional<std::string> stopped_reason() const = 0;

  [[nodiscard]] virtual commit_statistics statistics() const = 0;
  [[nodiscard]] std::uint64_t commits() const { return statistics().commits; }

  /// Reads a stream from `from_sequence` on, checking sequence, position, payload hash and (from
  /// the chain value before it) chain. errc::corrupt_log names stream and sequence.
  [[nodiscard]] virtual result<void> read_stream(const stream_name& stream,
                                                 std::uint64_t from_sequence,
                                                 const event_visitor& visit) const = 0;

  /// Reads every stream whose name starts with `prefix` (empty: every stream) from its first event
  /// on, one after the other, as read_stream() does: the quick way to replay a whole log.
  [[nodiscard]] virtual result<void> read_streams(std::string_view prefix,
                                                  const event_visitor& visit) const = 0;

  /// Reads every event from a global position on; density is checked, chains are not.
  [[nodiscard]] virtual result<void> read_all(std::uint64_t from_position,
                                              const event_visitor& visit) const = 0;

  /// Every stream and its head, as it is kept: readers find the end of a stream by it.
  [[nodiscard]] virtual result<void> visit_heads(const head_visitor& visit) const = 0;

  /// The last sequence of a stream; 0 where there is none.
  [[nodiscard]] virtual result<std::uint64_t> version(const stream_name& stream) const = 0;

  /// Where a stream's idempotency key was used; nothing where it was not.
  [[nodiscard]] virtual result<std::optional<idempotent_use>>
  find_use(const stream_name& stream, std::string_view key) const = 0;

  /// The last event that was acknowledged.
  [[nodiscard]] virtual log_end end() const = 0;

protected:
  ~event_log() = default;
};

} // namespace headwater::store
