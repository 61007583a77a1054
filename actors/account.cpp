#include "actors/account.hpp"

#include "actors/decisions/rule_batch.hpp"
#include "actors/shared/append.hpp"
#include "actors/shared/drain_later.hpp"
#include "actors/shared/loaded_account.hpp"
#include "actors/state_writer.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/rule_changes.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <map>

namespace headwater::actors {
namespace {

using account_pointer = account_actor::stateful_pointer<account_state>;
using jobs_ptr = std::shared_ptr<std::vector<rule_job>>;
using batch_ptr = std::shared_ptr<rule_batch>;

using uses_ptr = std::shared_ptr<const used_keys>;

void drain(account_pointer self);
void decide(account_pointer self, const jobs_ptr& jobs, const uses_ptr& uses,
            const std::optional<refused_purpose>& refused);

/// The batch has been answered; whatever has gathered meanwhile comes next. An account that is
/// ending stays busy, so that waiting commands are not started: their senders learn that it has
/// ended, and send them to its successor.
void go_on(account_pointer self) {
  if (self->state.is_ending)
    return;
  self->state.busy = false;
  drain(self);
}

void end(account_pointer self, caf::exit_reason why) {
  self->state.is_ending = true;
  for (auto& job : std::exchange(self->state.waiting, {}))
    job.reply.deliver(caf::make_error(caf::sec::request_receiver_down));
  self->quit(why);
}

void refuse_all(account_pointer self, const jobs_ptr& jobs, const error& why) {
  for (auto& job : *jobs)
    job.reply.deliver(rule_reply{why});
  go_on(self);
}

/// Answers the commands of the batch, whose rules are published.
void answer(account_pointer self, const jobs_ptr& jobs, const rule_batch& batch) {
  for (std::size_t i = 0; i < jobs->size(); ++i)
    (*jobs)[i].reply.deliver(rule_reply{batch.decided[i].outcome});
  keep_if_due(self->state.parts, *self->state.loaded);
  go_on(self);
}

/// If many rules have changed at once, they are published together with their compiled form, so
/// that no resolve has to scan them.
void publish_compiled(account_pointer self, const jobs_ptr& jobs, const batch_ptr& batch,
                      const rules_ptr& next, std::size_t changed) {
  auto show = [self, jobs, batch, next, changed](const compiled_ptr& compiled) {
    self->state.loaded->publish(next, compiled, changed);
    answer(self, jobs, *batch);
  };
  self->request(self->state.parts.compilers.of(next->total()), caf::infinite, compile_these{next})
      .then(show, [show](const caf::error&) { show(nullptr); }); // the service is stopping
}

/// The events are durable: advance the rules, publish them, answer.
void settle(account_pointer self, const jobs_ptr& jobs, const batch_ptr& batch,
            const std::vector<store::event_header>& headers) {
  auto& loaded = *self->state.loaded;
  auto next = apply_batch(*batch, *loaded.rules(), headers);
  if (!next) {
    spdlog::critical("account {}: {}", loaded.id, next.error().message);
    end(self, caf::exit_reason::unhandled_exception);
    refuse_all(self, jobs, {errc::internal_error, next.error().message});
    return;
  }
  const auto changed = count_changes(*loaded.rules(), **next);
  if (changed > many_changes) {
    publish_compiled(self, jobs, batch, *next, changed);
    return;
  }
  loaded.publish(std::move(*next), nullptr, changed);
  answer(self, jobs, *batch);
}

void append(account_pointer self, const jobs_ptr& jobs, const batch_ptr& batch,
            const uses_ptr& uses) {
  append_message message{std::move(batch->append)};
  message.account_id = self->state.loaded->id;
  message.purpose = batch->purpose;
  self->request(self->state.journal, caf::infinite, std::move(message))
      .then(
          [self, jobs, batch, uses](const store::append_outcome& outcome) {
            if (outcome.status == store::append_status::appended)
              return settle(self, jobs, batch, outcome.events);
            // Once more without the commands that were refused: a removal that was decided together
            // with them goes through. Each time more purposes are refused, so this ends.
            if (outcome.status == store::append_status::refused)
              return decide(self, jobs, uses, refused_purpose{batch->purpose, refusal(outcome)});
            // A conflict means that these rules are not the newest: the account must be loaded
            // again.
            if (outcome.status == store::append_status::conflict)
              end(self, caf::exit_reason::normal);
            refuse_all(self, jobs, refusal(outcome));
          },
          [self, jobs](const caf::error&) {
            refuse_all(self, jobs,
                       {errc::outcome_unknown, "The service is stopping; look before you repeat."});
          });
}

void decide(account_pointer self, const jobs_ptr& jobs, const uses_ptr& uses,
            const std::optional<refused_purpose>& refused) {
  std::vector<const rule_request*> requests;
  requests.reserve(jobs->size());
  for (auto& job : *jobs)
    requests.push_back(&job.request);
  auto& loaded = *self->state.loaded;
  attribution::rule_limits limits{self->state.parts.limits.max_rules};
  auto batch = std::make_shared<rule_batch>(
      decide_batch(loaded.id, *loaded.rules(), requests, *uses, limits, refused));
  if (batch->append.commands.empty())
    return settle(self, jobs, batch, {});
  append(self, jobs, batch, uses);
}

/// Finds out which idempotency keys were used before, then decides.
void look_up(account_pointer self, const jobs_ptr& jobs, find_uses wanted) {
  self->request(self->state.readers.next(), caf::infinite, std::move(wanted))
      .then(
          [self, jobs](uses_reply& found) {
            if (!found)
              return refuse_all(self, jobs, found.error());
            decide(self, jobs, std::make_shared<used_keys>(std::move(*found)), {});
          },
          [self, jobs](const caf::error&) {
            refuse_all(self, jobs, {errc::service_unavailable, "The service is stopping."});
          });
}

void drain(account_pointer self) {
  auto& state = self->state;
  if (state.busy || state.waiting.empty())
    return;
  state.busy = true;
  auto jobs = std::make_shared<std::vector<rule_job>>(std::exchange(state.waiting, {}));
  find_uses wanted{account_stream(state.loaded->id), {}};
  for (auto& job : *jobs)
    if (const auto& key = job.request.by.key)
      wanted.keys[key->key].push_back(key->fingerprint);
  if (wanted.keys.empty())
    decide(self, jobs, std::make_shared<used_keys>(), {});
  else
    look_up(self, jobs, std::move(wanted));
}

} // namespace

account_actor::behavior_type account(account_pointer self, loaded_account_ptr loaded,
                                     service_parts parts, reader_pool readers,
                                     journal_actor journal) {
  self->state.loaded = std::move(loaded);
  self->state.parts = std::move(parts);
  self->state.readers = std::move(readers);
  self->state.journal = std::move(journal);
  return {
      [self](rule_request& request) -> caf::result<rule_reply> {
        auto& state = self->state;
        state.parts.counters->account_wait.Observe(seconds_since(request.sent));
        auto reply = self->make_response_promise<rule_reply>();
        state.waiting.push_back({std::move(request), reply});
        drain_later(self);
        return reply;
      },
      [self](drain_atom) {
        self->state.drain_is_sent = false;
        drain(self);
      },
      [self](passivate_atom) {
        auto idle = !self->state.busy && self->state.waiting.empty();
        if (idle)
          self->quit();
        return idle;
      },
  };
}

} // namespace headwater::actors
