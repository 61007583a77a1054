#pragma once

// Messages to the journal, the checkpointer and the snapshotter, and those for reading the log.

#include "actors/protocol/clock.hpp"
#include "actors/protocol/snapshot_attempt.hpp"
#include "domain/core/error.hpp"
#include "domain/rules/rule_mentions.hpp"
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
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace headwater::actors {

/// What a change is for, in the order in which a disk that becomes full refuses them.
enum class write_purpose : std::uint8_t {
  adds = 1, ///< an account's change that takes room
  operates, ///< the same by a token for all accounts
  frees,    ///< a removal, a revocation, an erasure: also beyond quotas
};

/// What is taken of an account's quota until the append that adds it is settled.
struct taken_room {
  std::string account_id;
  store::usage adds;
  std::size_t command = 0; ///< of its append, whose events these are
};

struct append_message {
  store::append_request request;
  steady_time sent = std::chrono::steady_clock::now();
  /// Streams that accept no event after this one: those that an erasure names.
  std::vector<store::stream_name> closes = {};
  std::string account_id = {}; ///< whose quota the events count against; empty: none
  /// What the sender has taken of other accounts' quotas for these events; the journal settles it.
  std::vector<taken_room> counted = {};
  write_purpose purpose = write_purpose::frees;
};

/// Who makes the request, its id, and its Idempotency-Key.
struct origin {
  store::provenance from;
  std::optional<store::idempotency> key;
  bool is_operator = false; ///< the token is for all accounts

  [[nodiscard]] write_purpose purpose_of_change() const {
    return is_operator ? write_purpose::operates : write_purpose::adds;
  }
};

/// Sent after the attempt was begun (snapshot_status::try_begin).
struct make_snapshot {};

/// Asks where a stream used these idempotency keys. Each with the fingerprints of the requests that
/// have it now: only one that is the same needs the event, which may be that of a large import.
struct find_uses {
  store::stream_name stream;
  std::map<std::string, std::vector<digest>> keys;
};
struct used_key {
  digest fingerprint{};
  std::optional<store::recorded_event> event; ///< the first; nothing if no fingerprint is the same
};
using used_keys = std::map<std::string, used_key>;
using uses_reply = result<used_keys>;

/// Asks for the snapshots in a directory, complete and incomplete ones.
struct list_snapshots {
  std::filesystem::path directory;
};
using snapshot_list = result<snapshots::catalog_content>;

/// Asks for stored checkpoints, largest first.
struct list_checkpoints {
  std::uint64_t offset = 0;
  std::size_t limit = 0;
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
struct checkpoint_list {
  std::vector<store::stored_checkpoint> checkpoints;
  bool has_more = false;
};
using checkpoints_reply = result<checkpoint_list>;

/// Asks for the checkpoint of that many events, or the largest one.
struct find_checkpoint {
  std::optional<std::uint64_t> size;
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
using checkpoint_reply = result<store::stored_checkpoint>;

/// Asks for the path from an event to the root of a checkpoint.
struct inclusion_request {
  store::stream_name stream;  ///< empty: the event at `position`
  std::uint64_t sequence = 0; ///< in the stream
  std::uint64_t position = 0;
  std::optional<std::uint64_t> size;            ///< of the checkpoint; nothing: the largest one
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
struct inclusion {
  store::event_proof proof;
  std::string note;
};
using inclusion_reply = result<inclusion>;

/// Asks for the proof that a checkpoint's events are the first ones of a later one.
struct consistency_request {
  std::uint64_t from = 0;
  std::optional<std::uint64_t> to;              ///< nothing: the largest one
  std::string account_id = {};                  ///< whose turn it takes
  steady_time waits_until = steady_time::max(); ///< the caller gives up at this time
};
struct consistency {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<digest> path;
};
using consistency_reply = result<consistency>;

/// Which way events are read: from the first one on, or from the last one back.
enum class reading_order : std::uint8_t { forwards = 1, backwards };

/// Asks for some of the events after `after`, in order; backwards, of those before it. The size of
/// each answer is bounded, so that long reads proceed in turns and delay no other request.
struct read_events {
  std::string account_id;    ///< whose turn it takes: the stream's owner; may be empty
  store::stream_name stream; ///< empty: all streams, in order of position
  reading_order order = reading_order::forwards;
  std::uint64_t after = 0; ///< a sequence of the stream, or a position; 0: none has been read
  std::uint64_t until = std::numeric_limits<std::uint64_t>::max(); ///< the highest one wanted
  std::string type;                                                ///< empty: every type
  std::optional<attribution::rule_name> rule = {};                 ///< only what is about it
  std::optional<micros> from;
  std::optional<micros> to;    ///< inclusive, both
  std::size_t limit = 0;       ///< at least 1
  bool is_erased = false;      ///< show no payload parts, even if some are still there
  bool sees_operators = false; ///< the asker may know the names of tokens for all accounts
  /// How many bytes of events the page may hold; a single event longer than that is not returned.
  std::size_t room = std::size_t{1} << 20;
  /// The caller gives up at this time.
  steady_time waits_until = steady_time::max();
};
struct event_line {
  std::uint64_t number = 0; ///< its sequence, or its position
  std::string type;
  std::string json; ///< as written by store::append_event, and "principal_name" at the end
};
struct event_page {
  std::vector<event_line> events;
  std::uint64_t last = 0;    ///< the last event read, whether wanted or not: continue after it
  std::uint64_t end = 0;     ///< where the stream or the log ends
  bool is_caught_up = false; ///< there is none after `last`, or before it if read backwards
  bool is_past = false;      ///< an event beyond `to` (or `from`) was met: there will be no more
  std::size_t needs = 0;     ///< if not 0, no event is returned: the next one needs this much room
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
