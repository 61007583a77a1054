#include "store/log/appender.hpp"

#include "store/log/event_codec.hpp"

#include <algorithm>
#include <chrono>

namespace headwater::store {
namespace {

// Upper bounds for what keys and fixed fields take on disk, besides the texts themselves.
constexpr std::size_t bytes_per_event = 512;
constexpr std::size_t bytes_per_write = 32;
constexpr std::size_t bytes_per_command = 512;

std::size_t estimated_bytes(const stream_name& stream, const append_command& command) {
  auto bytes = bytes_per_command + 2 * stream.size();
  for (const auto& event : command.events)
    bytes += bytes_per_event + 8 * stream.size() + event.type.size() + event.part.text.size();
  for (const auto& write : command.writes)
    bytes += bytes_per_write + write.key.size() + (write.value ? write.value->size() : 0);
  return bytes;
}

std::size_t count_events(const append_request& request) {
  std::size_t count = 0;
  for (const auto& command : request.commands)
    count += command.events.size();
  return count;
}

} // namespace

/// A group in progress: the outcomes of its requests so far, and the batch being filled.
struct appender::group_state {
  std::span<const append_request> requests;
  micros now;
  commit_engine& engine;
  std::vector<append_outcome> outcomes;
  commit_batch batch = {};
  std::vector<std::size_t> in_batch = {}; ///< requests with commands in the batch
};

appender::appender(const log_end& end, std::size_t cached_heads)
    : end_(end), heads_(cached_heads) {}

std::vector<append_outcome> appender::append(std::span<const append_request> group, micros now,
                                             commit_engine& engine) {
  group_state state{group, now, engine, std::vector<append_outcome>(group.size())};
  for (std::size_t i = 0; i < group.size(); ++i)
    plan(state, i);
  flush(state);
  return std::move(state.outcomes);
}

/// Whether the request can be appended now; if not, its outcome says why.
bool appender::accepts(group_state& group, std::size_t index, stream_head& head) {
  const auto& request = group.requests[index];
  auto& outcome = group.outcomes[index];
  if (auto reason = stopped_reason()) {
    outcome.status = append_status::stopped;
    outcome.reason = std::move(*reason);
    return false;
  }
  outcome.status = append_status::conflict;
  if (const auto* cached = heads_.find(request.stream)) {
    head = *cached;
  } else if (const auto planned = group.batch.heads.find(request.stream);
             planned != group.batch.heads.end()) {
    head = planned->second; // not committed yet, and dropped from the cache meanwhile
  } else {
    auto loaded = group.engine.load_head(request.stream);
    if (!loaded) {
      outcome.reason = loaded.error().message;
      outcome.unreadable = loaded.error();
      return false;
    }
    head = *loaded;
    heads_.put(request.stream, head);
  }
  outcome.stream_version = head.version;
  if (head.version == request.expected_version)
    return true;
  outcome.reason = "stream " + request.stream + " is at version " + std::to_string(head.version) +
                   ", not " + std::to_string(request.expected_version);
  return false;
}

// Puts a request's commands into the batch, and commits the batch when it is full:
//
//   group     [request A: a1 a2] [request B: conflict] [request C: c1 c2 c3]
//   commits   |a1 a2 c1| |c2 c3|                   at most max_commit_bytes, cut between commands
//
// The bound keeps one huge group from building one huge write in memory. Requests of one stream in
// the same group see each other's events: planning updates the head cache, and heads that the cache
// has dropped before their commit are found in the batch.
void appender::plan(group_state& group, std::size_t index) {
  const auto& request = group.requests[index];
  auto& outcome = group.outcomes[index];
  stream_head head;
  if (!accepts(group, index, head))
    return;
  outcome.status = append_status::appended;
  outcome.events.reserve(count_events(request)); // so that the batch may point into it
  for (const auto& command : request.commands) {
    if (command.events.empty()) {
      outcome.added.emplace_back();
      continue;
    }
    auto bytes = estimated_bytes(request.stream, command);
    if (group.batch.commands > 0 && group.batch.bytes + bytes > max_commit_bytes)
      flush(group);
    if (auto reason = stopped_reason()) {
      // Some commands of this request may be on disk already; only an untouched one is `stopped`.
      outcome.status = outcome.events.empty() && outcome.status == append_status::appended
                           ? append_status::stopped
                           : append_status::failed;
      outcome.events.clear();
      outcome.reason = std::move(*reason);
      return;
    }
    group.batch.bytes += bytes;
    if (group.in_batch.empty() || group.in_batch.back() != index)
      group.in_batch.push_back(index);
    plan_command(group, index, command, head);
  }
  outcome.stream_version = head.version;
}

// Head, position and chain advance here, before the commit, because the next command of the group
// builds on them. If the commit then fails they are ahead of the disk; that is harmless, since a
// failed commit stops the log and nothing is planned on them again.
void appender::plan_command(group_state& group, std::size_t index, const append_command& command,
                            stream_head& head) {
  const auto& stream = group.requests[index].stream;
  auto& events = group.outcomes[index].events;
  auto& batch = group.batch;
  usage added;
  if (command.key)
    batch.uses.push_back({&stream,
                          &command.key->key,
                          {command.key->fingerprint, head.version + 1,
                           static_cast<std::uint32_t>(command.events.size())}});
  end_.time = std::max(group.now, end_.time);
  for (const auto& event : command.events) {
    head.position = ++end_.position;
    const auto& header =
        events.emplace_back(event_header{stream, ++head.version, head.position, event.type,
                                         event.schema, end_.time, event.part.payload_hash});
    auto text = write_header(header);
    head.chain = next_chain(head.chain, text);
    end_.chain = head.chain;
    added += usage_of_event(text, event.part.text);
    batch.events.push_back({&header, std::move(text), head.chain, &event.part});
  }
  for (const auto& write : command.writes)
    batch.writes.push_back(&write);
  if (command.late_writes)
    for (auto& write : command.late_writes(std::span{events}.last(command.events.size())))
      batch.writes.push_back(&batch.late.emplace_back(std::move(write)));
  group.outcomes[index].added.push_back(added);
  if (!command.counts_for.empty())
    batch.writes.push_back(&batch.late.emplace_back(
        table_write{table::usage, command.counts_for, encode_usage(added)}));
  batch.heads[stream] = head;
  batch.end = end_;
  ++batch.commands;
  heads_.put(stream, head);
}

void appender::flush(group_state& group) {
  if (group.batch.commands == 0)
    return;
  auto before = std::chrono::steady_clock::now();
  auto done = group.engine.commit(group.batch);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  if (done)
    count(group.batch, took.count());
  else
    fail(group, done.error().message);
  group.batch = {};
  group.in_batch.clear();
}

/// Never retried: what a failed write or sync has left on disk is unknown.
void appender::fail(group_state& group, const std::string& reason) {
  stop(reason);
  for (auto index : group.in_batch) {
    auto& outcome = group.outcomes[index];
    outcome.status = append_status::failed;
    outcome.events.clear();
    outcome.reason = reason;
  }
}

void appender::count(const commit_batch& batch, double seconds) {
  std::lock_guard lock{mutex_};
  ++statistics_.commits;
  statistics_.commands += batch.commands;
  statistics_.events += batch.events.size();
  statistics_.bytes += batch.bytes;
  statistics_.seconds += seconds;
  statistics_.longest_seconds = std::max(statistics_.longest_seconds, seconds);
}

void appender::stop(const std::string& reason) {
  std::lock_guard lock{mutex_};
  if (!stopped_)
    stopped_ = reason;
}

std::optional<std::string> appender::stopped_reason() const {
  std::lock_guard lock{mutex_};
  return stopped_;
}

commit_statistics appender::statistics() const {
  std::lock_guard lock{mutex_};
  return statistics_;
}

} // namespace headwater::store
