#pragma once

// Values that travel to the journal, the checkpointer, the snapshotter and to whoever reads the
// log.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/snapshot_attempt.hpp"
#include "domain/core/error.hpp"
#include "snapshots/catalog.hpp"
#include "store/audit/checkpoint_table.hpp"
#include "store/audit/event_proof.hpp"
#include "store/log/append_request.hpp"
#include "store/log/event.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace headwater::actors {

struct append_message {
  store::append_request request;
  steady_time sent = std::chrono::steady_clock::now();
  /// Streams that take no event behind this one: those that an erasure names.
  std::vector<store::stream_name> closes = {};
};

/// Who asks, in which request, and under which Idempotency-Key.
struct origin {
  store::provenance from;
  std::optional<store::idempotency> key;
};

/// Sent by whoever began the attempt (snapshot_status::try_begin).
struct make_snapshot {};

/// Asks where a stream used these idempotency keys, with the first event of each use.
struct find_uses {
  store::stream_name stream;
  std::vector<std::string> keys;
};
struct used_key {
  digest fingerprint{};
  store::recorded_event event;
};
using uses_reply = result<std::vector<std::optional<used_key>>>;

/// Asks for the snapshots in a directory, and for what is none or not yet one.
struct list_snapshots {
  std::filesystem::path directory;
};
using snapshot_list = result<snapshots::catalog_content>;

/// Asks for stored checkpoints, those of most events first.
struct list_checkpoints {
  std::uint64_t offset = 0;
  std::size_t limit = 0;
};
struct checkpoint_list {
  std::vector<store::stored_checkpoint> checkpoints;
  bool has_more = false;
};
using checkpoints_reply = result<checkpoint_list>;

/// Asks for the checkpoint of so many events, or the one of most.
struct find_checkpoint {
  std::optional<std::uint64_t> size;
};
using checkpoint_reply = result<store::stored_checkpoint>;

/// Asks for the path from an event to the root of a checkpoint.
struct inclusion_request {
  store::stream_name stream;  ///< empty: the event at `position`
  std::uint64_t sequence = 0; ///< in the stream
  std::uint64_t position = 0;
  std::optional<std::uint64_t> size; ///< of the checkpoint; nothing: the one of most events
};
struct inclusion {
  store::event_proof proof;
  std::string note;
};
using inclusion_reply = result<inclusion>;

/// Asks for what shows that a checkpoint's events are the first ones of a later one.
struct consistency_request {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> to; ///< nothing: the one of most events
};
struct consistency {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<digest> path;
};
using consistency_reply = result<consistency>;

/// Asks for some of the events behind `after`, in order. What one message takes is bounded, so that
/// long readings go turn by turn and hold up nobody.
struct read_events {
  std::string account_id;    ///< whose turn it takes: the owner of the stream, or nobody
  store::stream_name stream; ///< empty: all streams, in order of position
  std::uint64_t after = 0;   ///< a sequence of the stream, or a position
  std::uint64_t until = std::numeric_limits<std::uint64_t>::max(); ///< the last one wanted
  std::string type;                                                ///< empty: every type
  std::optional<micros> from;
  std::optional<micros> to; ///< inclusive, both
  std::size_t limit = 0;    ///< at least 1
  bool is_erased = false;   ///< show no payload part, also where one is left still
  /// Bytes of events that the page may hold; one event that is longer is not given.
  std::size_t room = std::size_t{1} << 20;
  /// Nobody wants the answer any more after this.
  steady_time waits_until = steady_time::max();
};
struct event_line {
  std::uint64_t number = 0; ///< its sequence, or its position
  std::string type;
  std::string json; ///< as store::append_event gives it
};
struct event_page {
  std::vector<event_line> events;
  std::uint64_t last = 0;    ///< the last event looked at, wanted or not: read on behind it
  std::uint64_t end = 0;     ///< where the stream or the log ends
  bool is_caught_up = false; ///< `last` is the end, or `until`
  bool is_past = false;      ///< an event later than `to` came: there will be no more
  std::size_t needs = 0;     ///< if not 0, no event is given: the next one needs so much room
};
using events_reply = result<event_page>;

} // namespace headwater::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::append_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::store::append_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_uses)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::uses_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::make_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::snapshot_attempt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_snapshots)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::snapshot_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::list_checkpoints)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::checkpoints_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::find_checkpoint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::checkpoint_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::inclusion_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::inclusion_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::consistency_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::consistency_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::read_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(headwater::actors::events_reply)
