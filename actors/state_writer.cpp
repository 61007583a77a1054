#include "actors/state_writer.hpp"

#include "actors/shared/loaded_account.hpp"
#include "actors/views/projections.hpp"
#include "snapshots/account_states.hpp"

#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace headwater::actors {
namespace {

/// A payload that takes a few milliseconds to replay: a few imports can be as much work as
/// thousands of single changes.
constexpr std::size_t long_recovery_bytes = std::size_t{1} << 20;

/// A state contains all rules: this bounds how many of them are written per event since the last
/// one.
constexpr std::uint64_t rules_for_an_event = 4;

void keep(const service_parts& parts, loaded_account& loaded) {
  // It only saves time, and takes room.
  if (!parts.state_writer || parts.disk->is_low())
    return;
  auto rules = loaded.rules();
  loaded.kept_version = rules->version();
  caf::anon_send(parts.state_writer, keep_rules{loaded.id, std::move(rules)});
}

} // namespace

state_writer_actor::behavior_type
state_writer(state_writer_actor::stateful_pointer<state_writer_state> self,
             std::shared_ptr<store::log_engine> log, std::shared_ptr<metrics> counters) {
  self->state.log = std::move(log);
  self->state.counters = std::move(counters);
  return {
      [self](const keep_rules& wanted) {
        const auto kept =
            snapshots::keep_state(self->state.log->events(), self->state.log->tables(),
                                  account_stream(wanted.account_id), *wanted.rules);
        if (kept) {
          self->state.counters->states_kept.Increment();
        } else {
          self->state.counters->storage.add(kept.error());
          spdlog::warn("no state of account {} is kept: {}", wanted.account_id,
                       kept.error().message);
        }
      },
      [](const close_account&) { return true; },
  };
}

void keep_if_due(const service_parts& parts, loaded_account& loaded) {
  const auto every = parts.limits.state_events;
  const auto rules = loaded.rules();
  const auto since = rules->version() - loaded.kept_version;
  if (every > 0 && since >= std::max<std::uint64_t>(every, rules->total() / rules_for_an_event))
    keep(parts, loaded);
}

void keep_after_recovery(const service_parts& parts, loaded_account& loaded,
                         std::size_t replayed_bytes) {
  if (parts.limits.state_events > 0 && replayed_bytes >= long_recovery_bytes)
    keep(parts, loaded);
  else
    keep_if_due(parts, loaded);
}

} // namespace headwater::actors
