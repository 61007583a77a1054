#include "actors/directory.hpp"

#include "actors/decisions/directory_decisions.hpp"
#include "actors/decisions/erasure_decisions.hpp"
#include "actors/decisions/platform_decisions.hpp"
#include "actors/shared/append.hpp"
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

constexpr std::chrono::seconds token_use_interval{10};

/// Whether an earlier answer shows something that has been erased since.
result<bool> is_erased(const store::table_store& tables, const directory_outcome& outcome) {
  std::string key;
  if (const auto* account = std::get_if<accounts::account>(&outcome.value))
    key = accounts::account_key(account->account_id);
  else if (const auto* created = std::get_if<created_token>(&outcome.value))
    key = accounts::token_key(created->token.id);
  else
    return false;
  TRY(auto row, tables.get(store::table::directory, key));
  return !row.has_value();
}

/// The answer to an earlier use of the Idempotency-Key, or nothing. It never holds a secret.
result<std::optional<directory_outcome>>
earlier_answer(const store::event_log& log, const store::table_store& tables,
               const std::optional<store::idempotency>& key) {
  if (!key)
    return std::optional<directory_outcome>{};
  const store::stream_name stream{system_stream};
  TRY(auto use, log.find_use(stream, key->key));
  if (!use)
    return std::optional<directory_outcome>{};
  CHECK(check_fingerprint(*key, use->fingerprint));
  TRY(auto recorded, read_event(log, stream, use->first_sequence));
  auto& header = recorded.header;
  TRY(auto event, accounts::decode_system_event(header.type, header.schema, recorded.payload));
  auto out = outcome_of(event, {header.sequence, header.time});
  TRY(auto erased, is_erased(tables, out));
  if (erased)
    return std::optional<directory_outcome>{};
  out.replayed = true;
  return std::optional{std::move(out)};
}

/// The part of a creation's answer that depends on its request and is in no event.
std::vector<std::string> ignored_fields(const directory_command& command) {
  if (auto* create = std::get_if<create_account>(&command))
    return unknown_fields<accounts::account>(create->body);
  if (auto* create = std::get_if<create_token>(&command))
    return unknown_fields<accounts::api_token_resource>(create->body);
  return {};
}

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

/// The request that makes the decision durable.
result<store::append_request> make_append(const store::event_log& log, const origin& by,
                                          const accounts::system_event& event) {
  store::append_request request{store::stream_name{system_stream}, 0, {}};
  TRY(auto version, log.version(request.stream));
  request.expected_version = version;
  auto encoded = accounts::encode(event);
  store::append_command command;
  command.events.push_back(make_event(by, encoded.type, encoded.schema, encoded.payload));
  command.key = by.key;
  command.late_writes = [event](auto headers) {
    return directory_writes(event, {headers[0].sequence, headers[0].time});
  };
  request.commands.push_back(std::move(command));
  return request;
}

/// The append is answered: publish, and answer the client.
void settle(directory_pointer self, directory_decision& decision, reply_promise& reply,
            const store::append_outcome& appended) {
  if (appended.status != store::append_status::appended) {
    reply.deliver(directory_reply{refusal(appended)});
    return;
  }
  auto& header = appended.events.back();
  auto outcome = outcome_of(*decision.event, {header.sequence, header.time});
  publish(self->state.parts, decision, outcome);
  outcome.ignored_fields = std::move(decision.ignored_fields);
  if (auto* created = std::get_if<created_token>(&outcome.value))
    created->secret = std::move(decision.secret);
  reply.deliver(directory_reply{std::move(outcome)});
}

void append(directory_pointer self, const origin& by, write_purpose purpose,
            directory_decision decision, reply_promise reply) {
  auto request = make_append(self->state.parts.log->events(), by, *decision.event);
  if (!request) {
    reply.deliver(directory_reply{request.error()});
    return;
  }
  auto stopping = [reply](const caf::error&) mutable {
    reply.deliver(directory_reply{
        error{errc::outcome_unknown, "The service is stopping; the change may be stored."}});
  };
  auto* changed = std::get_if<accounts::account_changed>(&*decision.event);
  if (!changed || changed->removed_brand_ids.empty()) {
    append_message message{std::move(*request)};
    message.purpose = purpose;
    self->request(self->state.journal, caf::infinite, std::move(message))
        .await(
            [self, decision, reply](const store::append_outcome& appended) mutable {
              settle(self, decision, reply, appended);
            },
            stopping);
    return;
  }
  self->request(self->state.connections, caf::infinite,
                brand_release{changed->removed_brand_ids, std::move(*request)})
      .await(
          [self, decision, reply](const release_reply& released) mutable {
            if (released)
              settle(self, decision, reply, *released);
            else
              reply.deliver(directory_reply{released.error()});
          },
          stopping);
}

/// Keys of the system stream are scoped by the accounts of the token that uses them, so that one
/// customer neither collides with nor learns of another's keys: "acme,globex/<key>".
origin scoped(origin by, const token_ptr& caller) {
  if (!by.key)
    return by;
  std::string scope;
  for (auto& name : caller->token.accounts.names())
    scope += (scope.empty() ? "" : ",") + name;
  by.key->key = scope + "/" + by.key->key;
  return by;
}

origin scoped(const directory_request& request) {
  if (auto* command = std::get_if<create_token>(&request.command))
    return scoped(request.by, command->creator);
  // Only tokens for all accounts create accounts; platforms have no key.
  return request.by;
}

/// The account is durably erased: from now on every access to it is refused, also by its tokens.
void publish_erasure(const service_parts& parts, const accounts::account_erased& event,
                     const std::vector<digest>& token_hashes) {
  parts.accounts->erase(event.account_id);
  parts.loaded->close(event.account_id);
  for (const auto& hash : token_hashes) {
    if (auto before = parts.tokens->find(hash))
      before->is_revoked = true;
    parts.tokens->erase(hash);
  }
  for (const auto brand : event.brand_ids)
    parts.own_platforms->erase(brand);
}

/// Answers with the progress, and has the erasure continue where it failed.
void answer_erasure(directory_pointer self, const std::string& account_id, reply_promise& reply) {
  directory_outcome out;
  out.value = self->state.parts.erasures->find(account_id).value_or(erasure_progress{});
  reply.deliver(directory_reply{std::move(out)});
  self->send(self->state.eraser, sweep_atom::value);
}

/// errc::precondition_failed unless the account is as the client expects.
result<void> check_condition(const store::table_store& tables, const erase_account& command) {
  TRY(auto account, stored_account(tables, command.account_id));
  if (!account)
    return command.condition.check(std::nullopt);
  return command.condition.check(accounts::etag_of(*account));
}

void erase(directory_pointer self, const origin& by, const erase_account& command,
           reply_promise reply) {
  auto& parts = self->state.parts;
  // Already done, which a retry with its If-Match may be told (RFC 9110, 13.1.1).
  if (parts.erasures->contains(command.account_id))
    return answer_erasure(self, command.account_id, reply);
  auto decided = decide_erasure(parts.log->events(), parts.log->tables(), command.account_id);
  if (!decided) {
    reply.deliver(directory_reply{decided.error()});
    return;
  }
  if (auto holds = check_condition(parts.log->tables(), command); !holds) {
    reply.deliver(directory_reply{holds.error()});
    return;
  }
  account_release release{by, decided->event, decided->token_hashes, decided->token_counts};
  self->request(self->state.connections, caf::infinite, std::move(release))
      .await(
          [self, erasure = std::move(*decided), reply](const release_reply& released) mutable {
            if (!released || released->status != store::append_status::appended) {
              reply.deliver(directory_reply{released ? refusal(*released) : released.error()});
              return;
            }
            publish_erasure(self->state.parts, erasure.event, erasure.token_hashes);
            answer_erasure(self, erasure.event.account_id, reply);
          },
          [reply](const caf::error&) mutable {
            reply.deliver(directory_reply{error{
                errc::outcome_unknown, "The service is stopping; the account may be erased."}});
          });
}

void handle(directory_pointer self, const directory_request& request, reply_promise reply) {
  if (const auto* command = std::get_if<erase_account>(&request.command))
    return erase(self, request.by, *command, std::move(reply));
  const auto& log = *self->state.parts.log;
  auto by = scoped(request);
  auto earlier = earlier_answer(log.events(), log.tables(), by.key);
  if (!earlier) {
    reply.deliver(directory_reply{earlier.error()});
    return;
  }
  if (*earlier) {
    (*earlier)->ignored_fields = ignored_fields(request.command);
    reply.deliver(directory_reply{std::move(**earlier)});
    return;
  }
  const auto time = log_time(log.events());
  const auto decide_it = [&](auto& command) {
    if constexpr (requires { decide(log.tables(), command, time, std::size_t{}); })
      return decide(log.tables(), command, time, self->state.parts.limits.account_tokens);
    else if constexpr (requires { decide(log.tables(), command, time); })
      return decide(log.tables(), command, time);
    else
      return decide(log.tables(), command);
  };
  auto decision = std::visit(decide_it, request.command);
  if (!decision) {
    reply.deliver(directory_reply{decision.error()});
    return;
  }
  if (!decision->event) {
    decision->unchanged.ignored_fields = std::move(decision->ignored_fields);
    reply.deliver(directory_reply{std::move(decision->unchanged)});
    return;
  }
  append(self, by, purpose_of(request), std::move(*decision), std::move(reply));
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
      [self](const directory_request& request) -> caf::result<directory_reply> {
        auto reply = self->make_response_promise<directory_reply>();
        handle(self, request, reply);
        return reply;
      },
      [self](sweep_atom) {
        save_token_uses(self->state.parts);
        self->delayed_send(self, token_use_interval, sweep_atom::value);
      },
  };
}

} // namespace headwater::actors
