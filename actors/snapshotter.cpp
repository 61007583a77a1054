#include "actors/snapshotter.hpp"

#include "actors/shared/disk_status.hpp"
#include "domain/core/try.hpp"
#include "snapshots/made_snapshot.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace headwater::actors {
namespace {

using snapshotter_pointer = snapshotter_actor::stateful_pointer<snapshotter_state>;
using std::chrono::microseconds;

constexpr double micros_per_second = 1e6;

/// Whether a snapshot belongs to this log's history: other logs may share the directory.
bool is_ours(const store::provable_log& log, const snapshots::listed_snapshot& found) {
  if (found.position == 0 || found.position > log.provable_events())
    return false;
  const auto chain = log.chains(found.position, 1);
  return chain && chain->size() == 1 && chain->front() == found.chain;
}

/// Removes what killed processes have left, so that it does not take up room until the next
/// snapshot; and returns when the newest snapshot was made, 0 if there is none.
micros look_at_catalog(const snapshotter_state& state) {
  std::error_code absent;
  if (!std::filesystem::exists(state.settings.directory, absent))
    return 0;
  if (auto catalog = snapshots::catalog::open(state.settings.directory); !catalog)
    spdlog::warn("snapshots: {}", catalog.error().message);
  else if (auto removed = (*catalog)->remove_partials(); !removed)
    spdlog::warn("snapshots: {}", removed.error().message);
  auto all = snapshots::list_snapshots(state.settings.directory);
  if (!all) {
    spdlog::warn("snapshots: {}", all.error().message);
    return 0;
  }
  std::erase_if(*all, [&](const auto& each) { return !is_ours(state.log->proofs(), each); });
  return all->empty() ? 0 : all->back().created_at;
}

void prune(const snapshotter_state& state, const snapshots::catalog& catalog,
           std::string_view just_made) {
  if (state.settings.every.count() == 0)
    return;
  const auto ours = [&](const snapshots::listed_snapshot& each) {
    return is_ours(state.log->proofs(), each);
  };
  auto gone = catalog.prune(state.settings.keep, ours, just_made);
  if (!gone)
    spdlog::warn("older snapshots were not removed: {}", gone.error().message);
  else
    for (const auto& name : *gone)
      spdlog::info("removed snapshot {}", name);
}

/// errc::storage_full if the disk of the snapshots is below the mark.
result<void> check_disk(const snapshot_settings& with) {
  TRY(const auto disk, store::disk_space_of(with.directory));
  const auto mark = store::bytes_of(with.low_water, disk.size);
  if (mark > 0 && disk.free < mark)
    return storage_full(disk.free, mark, "no snapshots are made on it");
  return {};
}

result<std::shared_ptr<const snapshots::made_snapshot>> make(const snapshotter_state& state) {
  const auto* log = state.log->copies();
  if (log == nullptr)
    return error{errc::service_unavailable, "A log in memory has no snapshots"};
  TRY(auto catalog, snapshots::catalog::open(state.settings.directory));
  CHECK(check_disk(state.settings));
  auto made = snapshots::make_snapshot(
      *log, *catalog, now(), state.settings.program,
      [&](std::string_view, std::uint64_t, std::uint64_t) -> result<void> {
        if (state.status->is_stopping())
          return error{errc::service_unavailable, "the service is stopping"};
        return {};
      });
  if (!made)
    return made.error();
  prune(state, *catalog, made->listed.name);
  return std::make_shared<const snapshots::made_snapshot>(std::move(*made));
}

/// Makes the attempt that status->try_begin() has begun.
snapshot_attempt attempt(const snapshotter_state& state) {
  const auto began = std::chrono::steady_clock::now();
  auto made = make(state);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  state.counters->snapshot_duration.Set(took.count());
  if (made) {
    const auto& listed = (*made)->listed;
    state.counters->snapshot_time.Set(static_cast<double>(listed.created_at) / micros_per_second);
    spdlog::info("made snapshot {} in {:.3f} s", listed.name, took.count());
  } else {
    state.counters->snapshot_failures.Increment();
    spdlog::error("a snapshot was not made: {}", made.error().message);
  }
  return state.status->finish(now(), made);
}

/// Counts from the newest snapshot, however it was made, so that a restart does not postpone the
/// next.
void schedule(snapshotter_pointer self, micros newest) {
  const auto& every = self->state.settings.every;
  if (every.count() == 0)
    return;
  const auto due = newest == 0 ? 0 : newest + microseconds{every}.count() - now();
  self->delayed_send(self, microseconds{std::clamp<micros>(due, 0, microseconds{every}.count())},
                     sweep_atom::value);
}

} // namespace

snapshotter_actor::behavior_type snapshotter(snapshotter_pointer self,
                                             std::shared_ptr<const store::log_engine> log,
                                             std::shared_ptr<snapshot_status> status,
                                             std::shared_ptr<metrics> counters,
                                             snapshot_settings settings) {
  self->state = {std::move(log), std::move(status), std::move(counters), std::move(settings)};
  const auto newest = self->state.log->copies() != nullptr ? look_at_catalog(self->state) : 0;
  self->state.counters->snapshot_time.Set(static_cast<double>(newest) / micros_per_second);
  schedule(self, newest);
  return {
      [self](make_snapshot) { return attempt(self->state); },
      [self](sweep_atom) {
        // A log without events has nothing to keep, and no snapshot of it could be told from those
        // of other logs, so none would ever be pruned. Its first token is on its way.
        if (self->state.log->proofs().provable_events() == 0) {
          self->delayed_send(
              self, std::min<microseconds>(self->state.settings.every, std::chrono::seconds{1}),
              sweep_atom::value);
          return;
        }
        // A snapshot requested in the meantime counts as this one.
        if (self->state.status->try_begin(now()))
          static_cast<void>(attempt(self->state));
        schedule(self, now());
      },
  };
}

} // namespace headwater::actors
