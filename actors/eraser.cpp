#include "actors/eraser.hpp"

#include "actors/decisions/erasure_decisions.hpp"
#include "actors/protocol/clock.hpp"
#include "actors/views/projections.hpp"
#include "domain/core/try.hpp"
#include "store/audit/erasures.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace headwater::actors {
namespace {

using eraser_pointer = eraser_actor::stateful_pointer<eraser_state>;

// A message may arrive that much before it is due, as the clock has it.
constexpr std::chrono::seconds clock_tolerance{1};
constexpr std::size_t events_at_once = 256;
constexpr std::size_t ranges_at_once = 1'024;

error stopping() {
  return {errc::service_unavailable, "the service is stopping"};
}

/// One erasure in progress, with the contents of its event.
class erasure {
public:
  erasure(eraser_pointer self, erasure_progress progress)
      : self_(self), parts_(self->state.parts), progress_(std::move(progress)) {}

  /// All steps except files.
  result<void> run() {
    TRY(auto event, store::read_erasure(parts_.log->events(),
                                        static_cast<std::uint64_t>(progress_.of.sequence)));
    if (progress_.started_at == 0)
      progress_.started_at = now();
    progress_.status = erasure_status::running;
    progress_.reason.clear();
    begin(erasure_step::closing);
    if (auto closed = close(event); !closed)
      return closed;
    begin(erasure_step::events);
    if (auto erased = erase_events(event); !erased)
      return erased;
    begin(erasure_step::rows);
    if (auto erased = erase_rows(event); !erased)
      return erased;
    begin(erasure_step::files);
    return {};
  }

  void finish(const result<void>& outcome) {
    progress_.status = outcome ? erasure_status::done : erasure_status::failed;
    progress_.reason = outcome ? std::string{} : outcome.error().message;
    progress_.finished_at = outcome ? now() : 0;
    keep();
    if (!outcome)
      parts_.counters->storage.add(outcome.error());
    if (outcome)
      spdlog::info("account {} is erased: {} events", progress_.of.account_id,
                   progress_.events_erased);
    else
      spdlog::warn("account {} is not erased yet: {}", progress_.of.account_id, progress_.reason);
  }

private:
  void begin(erasure_step step) {
    progress_.step = step;
    keep();
  }

  /// Reports the progress, and stores it: if that is lost, the step is repeated.
  void keep() {
    parts_.erasures->put(progress_);
    if (auto kept = store::put_row(parts_.log->tables(), store::table::side_facts,
                                   erasure_key(progress_.of.account_id), encode(progress_));
        !kept)
      spdlog::warn("the progress of an erasure was not noted: {}", kept.error().message);
  }

  result<void> close(const accounts::account_erased& event) {
    parts_.loaded->close(event.account_id);
    caf::scoped_actor asking{self_->system()};
    result<void> out;
    const auto failed = [&out](const caf::error&) { out = stopping(); };
    asking->request(self_->state.registry, caf::infinite, close_account{event.account_id})
        .receive([](bool) {}, failed);
    // The account has ended, so whatever it had stored precedes this.
    asking->request(parts_.state_writer, caf::infinite, close_account{event.account_id})
        .receive([](bool) {}, failed);
    for (const auto& worker : self_->state.pool.workers())
      asking->request(worker, caf::infinite, forget_connections{event.connections})
          .receive([](bool) {}, failed);
    return out;
  }

  result<void> erase_events(const accounts::account_erased& event) {
    const auto streams = erased_streams(event);
    std::vector<std::uint64_t> versions;
    progress_.events_erased = 0;
    progress_.events_total = event.system_events.size();
    for (const auto& stream : streams) {
      TRY(auto version, parts_.log->events().version(stream));
      versions.push_back(version);
      progress_.events_total += version;
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
      std::vector<std::uint64_t> some;
      for (std::uint64_t sequence = 1; sequence <= versions[i]; ++sequence) {
        some.push_back(sequence);
        if (some.size() < events_at_once && sequence < versions[i])
          continue;
        if (auto erased = erase_some(streams[i], some); !erased)
          return erased;
        some.clear();
      }
    }
    const auto& told = event.system_events;
    const std::vector<std::uint64_t> sequences(told.begin(), told.end());
    for (std::span rest{sequences}; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), events_at_once));
      if (auto erased = erase_some(store::stream_name{system_stream}, some); !erased)
        return erased;
      rest = rest.subspan(some.size());
    }
    return {};
  }

  result<void> erase_some(const store::stream_name& stream,
                          std::span<const std::uint64_t> sequences) {
    if (parts_.erasures->is_stopping())
      return stopping();
    auto erased = parts_.log->erasure().erase_parts(stream, sequences);
    if (!erased)
      return erased.error();
    progress_.events_erased += sequences.size(); // including those that were erased before
    parts_.erasures->put(progress_);
    return {};
  }

  result<void> erase_rows(const accounts::account_erased& event) {
    const auto ranges = erased_rows(event);
    for (std::span rest{ranges}; !rest.empty();) {
      if (parts_.erasures->is_stopping())
        return stopping();
      const auto some = rest.first(std::min(rest.size(), ranges_at_once));
      if (auto erased = parts_.log->erasure().erase_rows(some); !erased)
        return erased;
      rest = rest.subspan(some.size());
    }
    for (const auto& connection : event.connections)
      parts_.connections->erase(connection);
    return {};
  }

  eraser_pointer self_;
  const service_parts& parts_;
  erasure_progress progress_;
};

/// One retry is under way at a time, however many erasures are asked for meanwhile.
void try_later(eraser_pointer self) {
  auto& state = self->state;
  const auto now = std::chrono::steady_clock::now();
  if (now + clock_tolerance < state.retry_at)
    return;
  const auto pause = erasure_pause(state.failures++);
  state.retry_at = now + pause;
  self->delayed_send(self, pause, sweep_atom::value);
}

/// Takes all unfinished erasures through their steps; the last step, the expensive one, together.
void erase_all(eraser_pointer self) {
  auto& parts = self->state.parts;
  std::vector<erasure> ready;
  bool again = false;
  for (auto& progress : parts.erasures->unfinished()) {
    if (parts.erasures->is_stopping())
      return; // the next process continues
    erasure one{self, std::move(progress)};
    const auto done = one.run();
    if (parts.erasures->is_stopping())
      return;
    if (done) {
      ready.push_back(std::move(one));
    } else {
      one.finish(done);
      again = true;
    }
  }
  if (!ready.empty()) {
    const auto written = parts.log->erasure().scrub(parts.erasures->is_stopping());
    if (parts.erasures->is_stopping() && !written)
      return;
    again |= !written;
    for (auto& one : ready)
      one.finish(written);
  }
  if (again)
    try_later(self);
  else
    self->state.failures = 0;
}

} // namespace

eraser_actor::behavior_type eraser(eraser_pointer self, service_parts parts,
                                   registry_actor registry, ingest_pool pool) {
  self->state.parts = std::move(parts);
  self->state.registry = std::move(registry);
  self->state.pool = std::move(pool);
  // Erasures that an earlier process did not finish.
  if (!self->state.parts.erasures->unfinished().empty())
    self->send(self, sweep_atom::value);
  return {
      [self](sweep_atom) { erase_all(self); },
  };
}

} // namespace headwater::actors
