#include "actors/directory.hpp"

#include "actors/decisions/directory_batch.hpp"
#include "actors/decisions/erasure_decisions.hpp"
#include "actors/shared/append.hpp"
#include "actors/shared/drain_later.hpp"
#include "actors/views/projections.hpp"
#include "actors/views/side_facts.hpp"
#include "actors/views/stored_rows.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace headwater::actors {
namespace {

using directory_pointer = directory_actor::stateful_pointer<directory_state>;
using reply_promise = caf::typed_response_promise<directory_reply>;
using jobs_ptr = std::shared_ptr<std::vector<directory_job>>;
using batch_ptr = std::shared_ptr<directory_batch>;

constexpr std::chrono::seconds token_use_interval{10};
constexpr std::size_t most_at_once = 256; ///< commands in a batch

void decide(directory_pointer self, const jobs_ptr& jobs,
            const std::optional<refused_purpose>& refused);

/// The brands of the account, or what they have added to the allow-list, are others now.
void forget_platforms(const service_parts& parts, const std::string& account_id) {
  if (const auto loaded = parts.loaded->find(account_id))
    loaded->forget_platforms();
}

/// Updates the caches with a durable change, before anything is answered.
void publish(const service_parts& parts, const directory_decision& decision,
             const directory_outcome& outcome) {
  const auto& event = *decision.event;
  if (auto* account = std::get_if<accounts::account>(&outcome.value)) {
    parts.accounts->put(account->account_id, std::make_shared<const accounts::account>(*account));
    for (auto brand : account->brand_ids)
      parts.brands->put(brand, std::make_shared<const std::string>(account->account_id));
    if (auto* changed = std::get_if<accounts::account_changed>(&event))
      for (auto brand : changed->removed_brand_ids)
        parts.brands->erase(brand);
    forget_platforms(parts, account->account_id);
    parts.counts->forget(account->account_id);
  } else if (auto* created = std::get_if<created_token>(&outcome.value)) {
    const auto& hash = created->token.token_hash;
    parts.tokens->put(hash, std::make_shared<token_entry>(created->token));
    // After the put, so that a look into one cache and then the other finds the token. A reader
    // that has just missed it on the disk cannot add it any more: its generation is over.
    parts.unknown_tokens->erase(hash);
  } else if (auto* revoked = std::get_if<accounts::api_token>(&outcome.value)) {
    auto entry = std::make_shared<token_entry>(*revoked);
    if (auto before = parts.tokens->find(revoked->token_hash)) {
      entry->last_used = before->last_used.load();
      entry->last_saved = before->last_saved.load();
      before->is_revoked = true; // for requests that hold it while their body arrives
    }
    parts.tokens->put(revoked->token_hash, std::move(entry));
  } else if (auto* changed = std::get_if<changed_platform>(&outcome.value)) {
    parts.own_platforms->erase(changed->entry.brand_id);
    forget_platforms(parts, decision.owner);
  }
}

/// The batch has been answered; whatever has gathered meanwhile comes next.
void go_on(directory_pointer self) {
  self->state.busy = false;
  drain_later(self);
}

/// The append is answered: publish, and answer the clients.
void settle(directory_pointer self, const jobs_ptr& jobs, directory_batch& batch,
            const store::append_outcome& appended) {
  const bool is_durable = appended.status == store::append_status::appended;
  std::size_t at = 0;
  for (std::size_t i = 0; i < jobs->size(); ++i) {
    auto& [outcome, decision, rests_on_others] = batch.decided[i];
    if (!is_durable && (decision.event || rests_on_others)) {
      outcome = refusal(appended);
    } else if (decision.event) {
      const auto& header = appended.events[at++];
      outcome = outcome_of(*decision.event, {header.sequence, header.time});
      publish(self->state.parts, decision, *outcome);
      outcome->ignored_fields = std::move(decision.ignored_fields);
      if (auto* created = std::get_if<created_token>(&outcome->value))
        created->secret = std::move(decision.secret);
    }
    (*jobs)[i].reply.deliver(directory_reply{std::move(outcome)});
  }
  go_on(self);
}

void refuse_all(directory_pointer self, const jobs_ptr& jobs, const error& why) {
  for (auto& job : *jobs)
    job.reply.deliver(directory_reply{why});
  go_on(self);
}

void append(directory_pointer self, const jobs_ptr& jobs, const batch_ptr& batch) {
  append_message message{std::move(batch->append)};
  message.purpose = batch->purpose;
  message.counted = batch->counted.release();
  self->request(self->state.journal, caf::infinite, std::move(message))
      .then(
          [self, jobs, batch](const store::append_outcome& appended) {
            // Once more without the commands that were refused: a revocation that was decided
            // together with them goes through. Each time more purposes are refused, so this ends.
            if (appended.status == store::append_status::refused)
              return decide(self, jobs, refused_purpose{batch->purpose, refusal(appended)});
            settle(self, jobs, *batch, appended);
          },
          [self, jobs](const caf::error&) { refuse_all(self, jobs, stopped_meanwhile()); });
}

/// Brands are taken from their account: the connections actor appends, if they have no connections.
void append_release(directory_pointer self, const jobs_ptr& jobs, const batch_ptr& batch) {
  self->request(self->state.connections, caf::infinite,
                brand_release{batch->released_brands, std::move(batch->append)})
      .then(
          [self, jobs, batch](const release_reply& released) {
            if (released)
              settle(self, jobs, *batch, *released);
            else
              refuse_all(self, jobs, released.error());
          },
          [self, jobs](const caf::error&) { refuse_all(self, jobs, stopped_meanwhile()); });
}

/// Puts the commands from there on back where they were.
void put_back(directory_pointer self, std::vector<directory_job>& jobs, std::size_t from) {
  auto& waiting = self->state.waiting;
  waiting.insert(waiting.begin(),
                 std::make_move_iterator(jobs.begin() + static_cast<std::ptrdiff_t>(from)),
                 std::make_move_iterator(jobs.end()));
  jobs.resize(from);
}

void decide(directory_pointer self, const jobs_ptr& jobs,
            const std::optional<refused_purpose>& refused) {
  const auto& parts = self->state.parts;
  std::vector<const directory_request*> requests;
  requests.reserve(jobs->size());
  for (const auto& job : *jobs)
    requests.push_back(&job.request);
  const auto batch = std::make_shared<directory_batch>(
      decide_batch(parts.log->events(), parts.log->tables(), requests,
                   {parts.limits.account_tokens, parts.counts}, refused));
  put_back(self, *jobs, batch->decided.size());
  if (!batch->released_brands.empty())
    return append_release(self, jobs, batch);
  if (!batch->append.commands.empty())
    return append(self, jobs, batch);
  settle(self, jobs, *batch, {});
}

/// The account is durably erased: from now on every access to it is refused, also by its tokens.
void publish_erasure(const service_parts& parts, const accounts::account_erased& event,
                     const std::vector<digest>& token_hashes) {
  parts.accounts->erase(event.account_id);
  parts.counts->forget(event.account_id);
  parts.loaded->close(event.account_id);
  for (const auto& hash : token_hashes) {
    if (auto before = parts.tokens->find(hash))
      before->is_revoked = true;
    parts.tokens->erase(hash);
  }
  for (const auto brand : event.brand_ids)
    parts.own_platforms->erase(brand);
}

/// The answer to an erasure, which continues where it failed.
directory_outcome progress_of(directory_pointer self, const std::string& account_id) {
  directory_outcome out;
  out.value = self->state.parts.erasures->find(account_id).value_or(erasure_progress{});
  self->send(self->state.eraser, sweep_atom::value);
  return out;
}

/// errc::precondition_failed unless the account is as the client expects.
result<void> check_condition(const store::table_store& tables, const erase_account& command) {
  TRY(auto account, stored_account(tables, command.account_id));
  if (!account)
    return command.condition.check(std::nullopt);
  return command.condition.check(accounts::etag_of(*account));
}

/// Answers the command, then goes on with those that wait.
void erase(directory_pointer self, directory_job job) {
  auto answer = [self, reply = job.reply](directory_reply with) mutable {
    reply.deliver(std::move(with));
    go_on(self);
  };
  auto& parts = self->state.parts;
  const auto& command = std::get<erase_account>(job.request.command);
  // Already done, which a retry with its If-Match may be told (RFC 9110, 13.1.1).
  if (parts.erasures->contains(command.account_id))
    return answer(progress_of(self, command.account_id));
  auto decided = decide_erasure(parts.log->events(), parts.log->tables(), command.account_id);
  if (!decided)
    return answer(decided.error());
  if (auto holds = check_condition(parts.log->tables(), command); !holds)
    return answer(holds.error());
  account_release release{job.request.by, decided->event, decided->token_hashes,
                          decided->token_counts};
  self->request(self->state.connections, caf::infinite, std::move(release))
      .then(
          [self, erasure = std::move(*decided), answer](const release_reply& released) mutable {
            if (!released || released->status != store::append_status::appended)
              return answer(released ? refusal(*released) : released.error());
            publish_erasure(self->state.parts, erasure.event, erasure.token_hashes);
            answer(progress_of(self, erasure.event.account_id));
          },
          [answer](const caf::error&) mutable {
            answer(error{errc::outcome_unknown,
                         "The service is stopping; the account may be erased."});
          });
}

bool is_erasure(const directory_job& job) {
  return std::holds_alternative<erase_account>(job.request.command);
}

void drain(directory_pointer self) {
  auto& state = self->state;
  if (state.busy || state.waiting.empty())
    return;
  state.busy = true;
  if (is_erasure(state.waiting.front())) {
    auto job = std::move(state.waiting.front());
    state.waiting.pop_front();
    return erase(self, std::move(job));
  }
  const auto jobs = std::make_shared<std::vector<directory_job>>();
  while (!state.waiting.empty() && jobs->size() < most_at_once &&
         !is_erasure(state.waiting.front())) {
    jobs->push_back(std::move(state.waiting.front()));
    state.waiting.pop_front();
  }
  decide(self, jobs, {});
}

} // namespace

void save_token_uses(const service_parts& parts) {
  for (auto& entry : parts.tokens->values()) {
    auto used = entry->last_used.load(std::memory_order_relaxed);
    if (used <= entry->last_saved.load(std::memory_order_relaxed))
      continue;
    if (auto kept = store::put_row(parts.log->tables(), store::table::side_facts,
                                   token_use_key(entry->token.id), encode(side_fact{used, {}}));
        !kept) {
      spdlog::warn("the last use of token {} was not noted: {}", entry->token.id,
                   kept.error().message);
      return;
    }
    entry->last_saved.store(used, std::memory_order_relaxed);
  }
}

directory_actor::behavior_type directory(directory_pointer self, service_parts parts,
                                         journal_actor journal, connections_actor connections,
                                         eraser_actor eraser) {
  self->state.parts = std::move(parts);
  self->state.journal = std::move(journal);
  self->state.connections = std::move(connections);
  self->state.eraser = std::move(eraser);
  self->delayed_send(self, token_use_interval, sweep_atom::value);
  return {
      [self](directory_request& request) -> caf::result<directory_reply> {
        auto reply = self->make_response_promise<directory_reply>();
        self->state.waiting.push_back({std::move(request), reply});
        drain_later(self);
        return reply;
      },
      [self](drain_atom) {
        self->state.drain_is_sent = false;
        drain(self);
      },
      [self](sweep_atom) {
        save_token_uses(self->state.parts);
        self->delayed_send(self, token_use_interval, sweep_atom::value);
      },
  };
}

} // namespace headwater::actors
