#pragma once

// Decides what an append writes: checks versions, assigns sequence, position and time, builds the
// headers and the chain, and divides a group into commits. Both engines use it, so they cannot
// diverge; an engine contributes only the durable write and the look-up of a stream's head.
//
// Owned by an event_log. append() runs on the one appending thread; the accessors are thread-safe.

#include "domain/core/error.hpp"
#include "store/log/append_request.hpp"
#include "store/log/stream_head_cache.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>

namespace headwater::store {

/// An event with everything that its record contains. Points into the request and its outcome.
struct committed_event {
  const event_header* header;
  std::string header_text;
  digest chain;
  const sealed_part* part;
};

struct committed_use {
  const stream_name* stream;
  const std::string* key;
  idempotent_use use;
};

/// The contents of one synced write: whole commands, in order.
struct commit_batch {
  std::vector<committed_event> events;
  std::vector<committed_use> uses;
  std::vector<const table_write*> writes; ///< later ones win
  std::deque<table_write> late; ///< the results of late projections; `writes` points into it
  std::map<std::string, stream_head> heads; ///< by stream name
  log_end end;                              ///< after this batch
  std::size_t commands = 0;
  std::size_t bytes = 0; ///< an upper bound for its size on disk
};

/// What an engine does for the appender.
class commit_engine {
public:
  /// The head of a stream; zeros for one that does not exist.
  [[nodiscard]] virtual result<stream_head> load_head(const stream_name& stream) = 0;
  /// Makes the whole batch durable, then HEAD; the error says why the outcome is unknown.
  [[nodiscard]] virtual result<void> commit(const commit_batch& batch) = 0;

protected:
  ~commit_engine() = default;
};

inline constexpr std::size_t max_commit_bytes = std::size_t{4} << 20;

class appender {
public:
  appender(const log_end& end, std::size_t cached_heads);

  /// event_log::append, over `engine`.
  [[nodiscard]] std::vector<append_outcome> append(std::span<const append_request> group,
                                                   micros now, commit_engine& engine);

  /// Refuses all later appends. The first reason is kept.
  void stop(const std::string& reason);

  [[nodiscard]] std::optional<std::string> stopped_reason() const;
  [[nodiscard]] commit_statistics statistics() const;

private:
  struct group_state;

  void plan(group_state& group, std::size_t index);
  bool accepts(group_state& group, std::size_t index, stream_head& head);
  void plan_command(group_state& group, std::size_t index, const append_command& command,
                    stream_head& head);
  void flush(group_state& group);
  void fail(group_state& group, const std::string& reason);
  void count(const commit_batch& batch, double seconds);

  log_end end_;
  stream_head_cache heads_;
  mutable std::mutex mutex_; // guards everything below
  std::optional<std::string> stopped_;
  commit_statistics statistics_;
};

} // namespace headwater::store
