#include "actors/connections.hpp"

#include "actors/decisions/erasure_decisions.hpp"
#include "actors/decisions/ingest_plan.hpp"
#include "actors/shared/append.hpp"
#include "actors/shared/drain_later.hpp"
#include "actors/views/projections.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/registration.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <set>

namespace headwater::actors {
namespace {

using connections_pointer = connections_actor::stateful_pointer<connections_state>;

using reply_promise = caf::typed_response_promise<connection_reply>;
using release_promise = caf::typed_response_promise<release_reply>;

constexpr std::size_t most_at_once = 256; ///< commands in a batch

/// The connection after an earlier registration with the same Idempotency-Key, or nothing.
result<std::optional<referrals::connection>>
earlier_registration(const store::event_log& log, const store::table_store& tables,
                     std::int64_t brand_id, const std::optional<store::idempotency>& key) {
  using nothing = std::optional<referrals::connection>;
  if (!key)
    return nothing{};
  TRY(auto row, tables.get(store::table::referrals, registration_use_key(brand_id, key->key)));
  if (!row)
    return nothing{};
  TRY(auto use, decode_registration_use(*row));
  CHECK(check_fingerprint(*key, use.fingerprint));
  nothing found;
  auto read = log.read_stream(
      connection_stream(use.connection_id), 1, [&](const auto& event) -> result<void> {
        if (event.header.sequence > use.sequence)
          return {};
        TRY(auto decoded, referrals::decode_connection_event(event.header.type, event.header.schema,
                                                             event.payload));
        auto created = found ? found->identity.created_at : event.header.time;
        found = referrals::state_after(decoded, {event.header.sequence, event.header.time});
        found->identity.created_at = created;
        return {};
      });
  if (!read)
    return read.error();
  return found;
}

/// What the indexes say about a website.
result<referrals::registration_state> known_of(const store::table_store& tables,
                                               const register_connection& wanted) {
  referrals::registration_state out;
  TRY(auto active, tables.get(store::table::referrals,
                              referrals::active_website_key(wanted.brand_id, wanted.body.website)));
  out.active_on_website = active;
  TRY(auto earlier, tables.get(store::table::referrals,
                               referrals::registration_key(wanted.brand_id, wanted.body.website,
                                                           wanted.body.provider)));
  if (earlier) {
    TRY(auto connection, load_connection(tables, *earlier));
    out.with_same_provider = connection;
  }
  return out;
}

/// A change is durable, or was refused. After the last one of a batch the next batch begins.
void finish(connections_pointer self) {
  if (--self->state.under_way == 0)
    drain_later(self);
}

/// A change that was decided, for the owner of the connection to append.
struct decided_change {
  connection_change change;
  reply_promise reply;
};

void append_change(connections_pointer self, decided_change decided) {
  auto& [change, reply] = decided;
  const auto id = std::visit([](auto& of) { return of.connection.id; }, change.event);
  ++self->state.under_way;
  self->request(self->state.pool.owner_of(id), caf::infinite, std::move(change))
      .then(
          [self, reply = reply](connection_reply& answer) mutable {
            reply.deliver(std::move(answer));
            finish(self);
          },
          [self, reply = reply](const caf::error&) mutable {
            reply.deliver(connection_reply{stopped_meanwhile()});
            finish(self);
          });
}

/// Commands that are all decided before the first is appended, and then appended at the same time,
/// since none of them depends on what another one changes.
struct connections_batch {
  std::size_t commands = 0;
  std::set<std::string> touched; ///< websites of brands, and registrations' Idempotency-Keys
  std::map<std::int64_t, std::size_t> new_connections; ///< that were decided, by brand
  std::vector<decided_change> changes;

  /// False if the command has to wait for one that is in the batch.
  bool take(const connection_request& request) {
    const auto keys = std::visit(
        [&](const auto& command) { return touched_by(request.by, command); }, request.command);
    for (const auto& key : keys)
      if (touched.contains(key))
        return false;
    touched.insert(keys.begin(), keys.end());
    ++commands;
    return true;
  }

private:
  static std::vector<std::string> touched_by(const origin& by, const register_connection& wanted) {
    std::vector<std::string> out{
        referrals::active_website_key(wanted.brand_id, wanted.body.website)};
    if (by.key)
      out.push_back(registration_use_key(wanted.brand_id, by.key->key));
    return out;
  }
  static std::vector<std::string> touched_by(const origin&, const disable_connection& wanted) {
    const auto& identity = wanted.connection->identity;
    return {referrals::active_website_key(identity.brand_id, identity.website)};
  }
};

/// errc::account_erased for an erased account, whose brands stay reserved for it.
result<void> check_account_stands(const service_parts& parts, const std::string& account_id) {
  if (parts.erasures->contains(account_id))
    return erased_meanwhile();
  return {};
}

/// errc::forbidden if the brand was taken from the account that the caller was admitted for.
result<void> check_owner(const store::table_store& tables, const register_connection& wanted) {
  TRY(auto owner, tables.get(store::table::directory, accounts::brand_key(wanted.brand_id)));
  if (owner != wanted.account_id)
    return error{errc::forbidden, "Access denied to brand: " + std::to_string(wanted.brand_id)};
  return {};
}

/// errc::duplicate_entry if a brand to be removed has connections.
result<void> check_removed(const store::table_store& tables,
                           const std::vector<std::int64_t>& removed) {
  for (auto brand : removed) {
    bool has_connections = false;
    auto scanned = tables.scan(store::table::referrals, referrals::brand_list_prefix(brand), {},
                               [&](std::string_view, std::string_view) {
                                 has_connections = true;
                                 return false;
                               });
    if (!scanned)
      return scanned.error();
    if (has_connections)
      return error{errc::duplicate_entry, "Brand " + std::to_string(brand) +
                                              " has AI-referral connections and cannot be removed"};
  }
  return {};
}

/// errc::quota_exceeded for a new connection of a brand that has `most`, disabled ones included,
/// because they are kept and listed, too. `on_their_way` are not among the rows yet.
result<void> check_connection_quota(const store::table_store& tables, std::int64_t brand_id,
                                    std::size_t most, std::size_t on_their_way) {
  auto count = on_their_way;
  CHECK(tables.scan(store::table::referrals, referrals::brand_list_prefix(brand_id), {},
                    [&](std::string_view, std::string_view) { return ++count < most; }));
  if (count < most)
    return {};
  return error{errc::quota_exceeded,
               "The quota of brand " + std::to_string(brand_id) + " is " + std::to_string(most) +
                   " connections; " + std::to_string(count) +
                   " are used, disabled ones included: register one of those again"};
}

void handle(connections_pointer self, connections_batch& batch, const origin& by,
            const register_connection& wanted, reply_promise reply) {
  const auto& log = *self->state.parts.log;
  if (auto there = check_account_stands(self->state.parts, wanted.account_id); !there) {
    reply.deliver(connection_reply{there.error()});
    return;
  }
  if (auto owned = check_owner(log.tables(), wanted); !owned) {
    reply.deliver(connection_reply{owned.error()});
    return;
  }
  auto earlier = earlier_registration(log.events(), log.tables(), wanted.brand_id, by.key);
  if (!earlier) {
    reply.deliver(connection_reply{earlier.error()});
    return;
  }
  if (*earlier) {
    reply.deliver(connection_reply{connection_outcome{**earlier, true}});
    return;
  }
  auto known = known_of(log.tables(), wanted);
  if (!known) {
    reply.deliver(connection_reply{known.error()});
    return;
  }
  auto decided = referrals::register_connection(wanted.body, wanted.brand_id, new_ulid(), *known);
  if (!decided) {
    reply.deliver(connection_reply{decided.error()});
    return;
  }
  if (std::holds_alternative<referrals::connection_registered>(*decided)) {
    auto& on_their_way = batch.new_connections[wanted.brand_id];
    if (auto room =
            check_connection_quota(log.tables(), wanted.brand_id,
                                   self->state.parts.limits.brand_connections, on_their_way);
        !room) {
      reply.deliver(connection_reply{room.error()});
      return;
    }
    ++on_their_way;
  }
  batch.changes.push_back({{by, std::move(*decided)}, std::move(reply)});
}

void handle(connections_pointer self, connections_batch& batch, const origin& by,
            const disable_connection& wanted, reply_promise reply) {
  auto current = load_connection(self->state.parts.log->tables(), wanted.connection->identity.id);
  if (!current) {
    reply.deliver(connection_reply{current.error()});
    return;
  }
  if (auto holds = wanted.condition.check(referrals::etag_of(*current)); !holds) {
    reply.deliver(connection_reply{holds.error()});
    return;
  }
  auto decided = referrals::disable_connection(*current);
  if (!decided) {
    reply.deliver(connection_reply{connection_outcome{*current}});
    return;
  }
  batch.changes.push_back({{by, std::move(*decided)}, std::move(reply)});
}

} // namespace

queue_place ingest_pool::enter(const std::string& connection_id,
                               const std::string& account_id) const {
  const auto& places = places_[index_of(connection_id)];
  auto place = places->take(account_id);
  if (!place)
    return nullptr;
  // It may outlive the pool, in a message.
  struct kept_place {
    std::shared_ptr<shares> of;
    std::shared_ptr<const void> place;
  };
  return std::make_shared<kept_place>(kept_place{places, std::move(place)});
}

namespace {

/// Appends for the directory. `then` is called before the answer.
template <class Then>
void append_for_directory(connections_pointer self, append_message message, release_promise reply,
                          const Then& then) {
  ++self->state.under_way;
  self->request(self->state.journal, caf::infinite, std::move(message))
      .then(
          [self, reply, then](store::append_outcome& outcome) mutable {
            then(outcome);
            reply.deliver(release_reply{std::move(outcome)});
            finish(self);
          },
          [self, reply](const caf::error&) mutable {
            reply.deliver(release_reply{stopped_meanwhile()});
            finish(self);
          });
}

/// Records the erasure, so that no later registration is admitted.
void note_erasure(const service_parts& parts, const std::string& account_id,
                  const store::append_outcome& outcome) {
  if (outcome.status != store::append_status::appended)
    return;
  const auto& header = outcome.events.back();
  erasure_progress progress;
  progress.of = {account_id, header.time, static_cast<std::int64_t>(header.sequence)};
  parts.erasures->put(std::move(progress));
}

/// A release is done alone, so that no registration comes between its check and its append.
void run(connections_pointer self, brand_release& release, release_promise reply) {
  if (auto free = check_removed(self->state.parts.log->tables(), release.brand_ids); !free) {
    reply.deliver(release_reply{free.error()});
    return;
  }
  append_for_directory(self, append_message{std::move(release.append)}, reply,
                       [](const store::append_outcome&) {});
}

void run(connections_pointer self, account_release& release, release_promise reply) {
  const auto& log = *self->state.parts.log;
  decided_erasure erasure{std::move(release.event), std::move(release.token_hashes),
                          std::move(release.token_counts)};
  if (auto added = add_connections(log.tables(), erasure.event); !added) {
    reply.deliver(release_reply{added.error()});
    return;
  }
  auto message = erasure_append(log.events(), release.by, erasure);
  if (!message) {
    reply.deliver(release_reply{message.error()});
    return;
  }
  append_for_directory(self, std::move(*message), reply,
                       [self, id = erasure.event.account_id](const store::append_outcome& outcome) {
                         note_erasure(self->state.parts, id, outcome);
                       });
}

void run_release(connections_pointer self) {
  auto job = std::get<release_job>(std::move(self->state.waiting.front()));
  self->state.waiting.pop_front();
  std::visit([&](auto& wanted) { run(self, wanted, job.reply); }, job.release);
}

void run_batch(connections_pointer self) {
  auto& waiting = self->state.waiting;
  connections_batch batch;
  while (!waiting.empty() && batch.commands < most_at_once) {
    auto* next = std::get_if<connection_job>(&waiting.front());
    if (next == nullptr || !batch.take(next->request))
      break;
    const auto job = std::move(*next);
    waiting.pop_front();
    std::visit(
        [&](const auto& command) { handle(self, batch, job.request.by, command, job.reply); },
        job.request.command);
  }
  for (auto& change : batch.changes)
    append_change(self, std::move(change));
}

void drain(connections_pointer self) {
  const auto& state = self->state;
  if (state.under_way > 0 || state.waiting.empty())
    return;
  if (std::holds_alternative<release_job>(state.waiting.front()))
    run_release(self);
  else
    run_batch(self);
  if (state.under_way == 0)
    drain_later(self); // everything was answered at once
}

template <class Reply, class Job, class Request>
caf::typed_response_promise<Reply> enqueue(connections_pointer self, Request&& request) {
  auto reply = self->make_response_promise<Reply>();
  self->state.waiting.emplace_back(Job{std::forward<Request>(request), reply});
  drain_later(self);
  return reply;
}

} // namespace

connections_actor::behavior_type connections(connections_pointer self, service_parts parts,
                                             ingest_pool pool, journal_actor journal) {
  self->state.parts = std::move(parts);
  self->state.pool = std::move(pool);
  self->state.journal = std::move(journal);
  return {
      [self](connection_request& request) -> caf::result<connection_reply> {
        return enqueue<connection_reply, connection_job>(self, std::move(request));
      },
      [self](brand_release& release) -> caf::result<release_reply> {
        return enqueue<release_reply, release_job>(self, std::move(release));
      },
      [self](account_release& release) -> caf::result<release_reply> {
        return enqueue<release_reply, release_job>(self, std::move(release));
      },
      [self](drain_atom) {
        self->state.drain_is_sent = false;
        drain(self);
      },
  };
}

} // namespace headwater::actors
