#include "actors/journal.hpp"

#include "actors/protocol/clock.hpp"
#include "actors/shared/append.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <cstdlib>

namespace headwater::actors {
namespace {

using journal_pointer = journal_actor::stateful_pointer<journal_state>;

constexpr auto head_sync_interval = std::chrono::seconds{1};

void count(const journal_state& state, const std::vector<store::append_request>& group,
           const std::vector<store::append_outcome>& outcomes, double seconds) {
  auto& m = *state.counters;
  std::size_t commands = 0;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].status != store::append_status::appended)
      continue;
    commands += group[i].commands.size();
    m.events.Increment(static_cast<double>(outcomes[i].events.size()));
  }
  m.commands.Increment(static_cast<double>(commands));
  m.commit_size.Observe(static_cast<double>(commands));
  m.commit_time.Observe(seconds);
}

/// Tells the operator, once, that the log has stopped.
void note_stop(const journal_state& state, const std::string& reason) {
  if (!state.status->writable())
    return;
  state.counters->journal_stopped.Set(1);
  state.status->stop_writes(reason);
  spdlog::critical("the event log failed a write and takes no more: {}", reason);
}

/// Syncs HEAD, and notices a log that was stopped by another actor's write.
void look_after(const journal_state& state) {
  if (auto synced = state.log->sync_head(); !synced)
    note_stop(state, "HEAD could not be synced: " + synced.error().message);
  if (auto reason = state.log->stopped_reason())
    note_stop(state, *reason);
}

/// Tells the operator that the clock was set: events get its time, for ever.
void watch_clock(journal_state& state) {
  const auto jump = state.clock.look(now(), since_boot());
  if (!jump)
    return;
  constexpr micros micros_per_second = 1'000'000;
  const bool is_forward = *jump > 0;
  (is_forward ? state.counters->clock_jumps_forward : state.counters->clock_jumps_back).Increment();
  spdlog::warn("the clock was set {} by {} s, to {}; {}", is_forward ? "forward" : "back",
               (std::abs(*jump) + micros_per_second / 2) / micros_per_second,
               to_rfc3339_seconds(now()),
               is_forward ? "events from now on have this time, and it stays in the log"
                          : "until it has caught up, events have the time of the last one");
}

/// A stream is closed from the moment its closing arrives, so that everything earlier precedes it
/// in the log; if the closing fails, the stream is open again.
void settle_closing(journal_state& state, const std::vector<store::append_outcome>& outcomes) {
  bool closed = true;
  for (auto& [index, streams] : std::exchange(state.closing, {})) {
    if (outcomes[index].status == store::append_status::appended)
      continue;
    closed = false;
    for (const auto& stream : streams)
      state.closed.erase(stream);
  }
  store::append_outcome refused;
  refused.status = closed ? store::append_status::closed : store::append_status::conflict;
  refused.reason = "the stream takes no more events";
  for (auto& promise : std::exchange(state.refused, {}))
    promise.deliver(refused);
}

void settle_admission(const journal_state& state, const std::vector<std::vector<taken_room>>& rooms,
                      const std::vector<store::append_outcome>& outcomes) {
  if (!state.admits)
    return;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    state.admits->settle(rooms[i], outcomes[i]);
}

/// Nothing if the append may be written; not asked if it will be refused anyway.
std::optional<store::append_outcome> refused_by_admission(const journal_state& state,
                                                          append_message& message) {
  if (!state.admits || !state.status->writable())
    return std::nullopt;
  const auto admitted = state.admits->admit(message);
  if (admitted)
    return std::nullopt;
  store::append_outcome out;
  out.status = store::append_status::refused;
  out.reason = admitted.error().message;
  out.why_refused = admitted.error();
  state.admits->settle(message.counted, out);
  return out;
}

// Group commit without a timer:
//
//   mailbox   a1 | flush | a2 a3 a4 ...        a1 makes the flush; a2..a4 come while it writes
//                          a2 a3 a4 | flush    a2 makes the next flush, behind a3 and a4
//
// While the synced write blocks this actor, appends queue up in its mailbox. The first of them
// sends a flush, which lands behind all the others, so the group is exactly what came during the
// last write. An idle journal commits a single append at once, and in a busy one many share a sync;
// an append waits for the write under way and for its own. With one sync for each append the whole
// service could take no more changes than the disk syncs in a second; a timer instead of the
// mailbox would delay the idle case.
void flush(journal_state& state) {
  auto group = std::exchange(state.waiting, {});
  auto promises = std::exchange(state.promises, {});
  const auto rooms = std::exchange(state.rooms, {});
  if (group.empty())
    return settle_closing(state, {});
  auto before = std::chrono::steady_clock::now();
  auto commits_before = state.log->commits();
  auto outcomes = state.log->append(group, now());
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  state.counters->commits.Increment(static_cast<double>(state.log->commits() - commits_before));
  count(state, group, outcomes, took.count());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].status == store::append_status::failed)
      note_stop(state, outcomes[i].reason);
  }
  settle_closing(state, outcomes);
  settle_admission(state, rooms, outcomes);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    promises[i].deliver(std::move(outcomes[i]));
}

} // namespace

journal_actor::behavior_type journal(journal_pointer self, std::shared_ptr<store::event_log> log,
                                     std::shared_ptr<health> status,
                                     std::shared_ptr<metrics> counters,
                                     std::unique_ptr<admission> admits) {
  self->state.log = std::move(log);
  self->state.status = std::move(status);
  self->state.counters = std::move(counters);
  self->state.admits = std::move(admits);
  if (self->state.admits)
    self->state.admits->look_at_disk();
  watch_clock(self->state);
  self->delayed_send(self, head_sync_interval, sync_head_atom::value);
  return {
      [self](append_message& message) -> caf::result<store::append_outcome> {
        auto& state = self->state;
        state.counters->journal_wait.Observe(seconds_since(message.sent));
        auto promise = self->make_response_promise<store::append_outcome>();
        const bool is_first = state.waiting.empty() && state.refused.empty();
        if (state.closed.contains(message.request.stream)) {
          state.refused.push_back(promise);
          if (state.admits)
            state.admits->settle(message.counted, {});
        } else if (auto refused = refused_by_admission(state, message)) {
          promise.deliver(std::move(*refused));
          return promise;
        } else {
          if (!message.closes.empty()) {
            state.closed.insert(message.closes.begin(), message.closes.end());
            state.closing.emplace_back(state.waiting.size(), std::move(message.closes));
          }
          state.waiting.push_back(std::move(message.request));
          state.promises.push_back(promise);
          state.rooms.push_back(std::move(message.counted));
        }
        if (is_first)
          self->send(self, flush_atom::value);
        return promise;
      },
      [self](flush_atom) { flush(self->state); },
      [self](sync_head_atom) {
        look_after(self->state);
        watch_clock(self->state);
        if (self->state.admits)
          self->state.admits->look_at_disk();
        self->delayed_send(self, head_sync_interval, sync_head_atom::value);
      },
  };
}

} // namespace headwater::actors
