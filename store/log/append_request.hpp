#pragma once

// The input and output of event_log::append. Values.

#include "store/log/event.hpp"
#include "store/tables/table.hpp"
#include "store/tables/usage.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace headwater::store {

/// Table writes that depend on values assigned by the log (times, sequences): called once by
/// append() with the headers of the command's events. Must be quick and must not throw.
using late_projection = std::function<std::vector<table_write>(std::span<const event_header>)>;

/// One command's events, at least one. They, the projection rows they change and the idempotency
/// key become visible together or not at all.
struct append_command {
  std::vector<new_event> events;
  std::optional<idempotency> key;
  std::vector<table_write> writes;
  late_projection late_writes = {}; ///< in addition to `writes`, and after them
  /// The row of table::usage to which the events are added; empty: none.
  std::string counts_for = {};
};

/// Commands for one stream, which must be at `expected_version` (its last sequence; 0: new). A
/// command without events stores nothing, neither its key nor its writes. A command is never split
/// across two commits; a request may be, between commands.
struct append_request {
  stream_name stream;
  std::uint64_t expected_version = 0;
  std::vector<append_command> commands;
};

/// The fate of one append_request.
enum class append_status : std::uint8_t {
  appended = 1,
  conflict, ///< the stream is at another version or unreadable; nothing was written
  failed,   ///< the write failed: its outcome is unknown, and the log accepts no more writes
  stopped,  ///< refused, because an earlier write failed; nothing was written
  closed,  ///< refused by the journal, because the stream's account was erased; nothing was written
  refused, ///< by the journal, because of a quota or a full disk; nothing was written
};

struct append_outcome {
  append_status status = append_status::failed;
  std::vector<event_header> events;      ///< as appended, over all commands in order
  std::uint64_t stream_version = 0;      ///< the current version of the stream
  std::string reason;                    ///< unless appended
  std::optional<error> unreadable = {};  ///< of a conflict: why the stream could not be read
  std::optional<error> why_refused = {}; ///< of a refusal
  std::vector<usage> added = {};         ///< by the events of each command, when appended
};

/// What the log has done since it was opened. A commit is one synced write of a batch and of HEAD.
struct commit_statistics {
  std::uint64_t commits = 0;
  std::uint64_t commands = 0;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;    ///< of keys and values, roughly
  double seconds = 0;         ///< spent in commits
  double longest_seconds = 0; ///< of one commit
};

} // namespace headwater::store
