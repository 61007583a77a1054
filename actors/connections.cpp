#include "actors/connections.hpp"

#include "actors/decisions/erasure_decisions.hpp"
#include "actors/decisions/ingest_plan.hpp"
#include "actors/shared/append.hpp"
#include "actors/views/projections.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/registration.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace headwater::actors {
namespace {

using connections_pointer = connections_actor::stateful_pointer<connections_state>;

using reply_promise = caf::typed_response_promise<connection_reply>;

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

/// Has the owner append the change, and accepts no other request until it is durable.
void append_change(connections_pointer self, const origin& by, referrals::connection_event event,
                   reply_promise reply) {
  auto id = std::visit([](auto& of) { return of.connection.id; }, event);
  self->request(self->state.pool.owner_of(id), caf::infinite,
                connection_change{by, std::move(event)})
      .await([reply](connection_reply& answer) mutable { reply.deliver(std::move(answer)); },
             [reply](const caf::error&) mutable {
               reply.deliver(connection_reply{error{
                   errc::outcome_unknown, "The service is stopping; the change may be stored."}});
             });
}

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
/// because they are kept and listed, too.
result<void> check_connection_quota(const store::table_store& tables, std::int64_t brand_id,
                                    std::size_t most) {
  std::size_t count = 0;
  CHECK(tables.scan(store::table::referrals, referrals::brand_list_prefix(brand_id), {},
                    [&](std::string_view, std::string_view) { return ++count < most; }));
  if (count < most)
    return {};
  return error{errc::quota_exceeded,
               "The quota of brand " + std::to_string(brand_id) + " is " + std::to_string(most) +
                   " connections; " + std::to_string(count) +
                   " are used, disabled ones included: register one of those again"};
}

void handle(connections_pointer self, const origin& by, const register_connection& wanted,
            reply_promise reply) {
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
  if (std::holds_alternative<referrals::connection_registered>(*decided))
    if (auto room = check_connection_quota(log.tables(), wanted.brand_id,
                                           self->state.parts.limits.brand_connections);
        !room) {
      reply.deliver(connection_reply{room.error()});
      return;
    }
  append_change(self, by, std::move(*decided), std::move(reply));
}

void handle(connections_pointer self, const origin& by, const disable_connection& wanted,
            reply_promise reply) {
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
  append_change(self, by, std::move(*decided), std::move(reply));
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

/// Appends for the directory, and accepts no other request until it is durable. `then` is called
/// before the answer.
template <class Then>
caf::result<release_reply> append_for_directory(connections_pointer self, append_message message,
                                                const Then& then) {
  auto reply = self->make_response_promise<release_reply>();
  self->request(self->state.journal, caf::infinite, std::move(message))
      .await(
          [reply, then](store::append_outcome& outcome) mutable {
            then(outcome);
            reply.deliver(release_reply{std::move(outcome)});
          },
          [reply](const caf::error&) mutable {
            reply.deliver(release_reply{error{
                errc::outcome_unknown, "The service is stopping; the change may be stored."}});
          });
  return reply;
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

} // namespace

connections_actor::behavior_type connections(connections_pointer self, service_parts parts,
                                             ingest_pool pool, journal_actor journal) {
  self->state.parts = std::move(parts);
  self->state.pool = std::move(pool);
  self->state.journal = std::move(journal);
  return {
      [self](const connection_request& request) -> caf::result<connection_reply> {
        auto reply = self->make_response_promise<connection_reply>();
        std::visit([&](auto& command) { handle(self, request.by, command, reply); },
                   request.command);
        return reply;
      },
      [self](brand_release& release) -> caf::result<release_reply> {
        if (auto free = check_removed(self->state.parts.log->tables(), release.brand_ids); !free)
          return release_reply{free.error()};
        return append_for_directory(self, append_message{std::move(release.append)},
                                    [](const store::append_outcome&) {});
      },
      [self](account_release& release) -> caf::result<release_reply> {
        const auto& log = *self->state.parts.log;
        decided_erasure erasure{std::move(release.event), std::move(release.token_hashes),
                                std::move(release.token_counts)};
        if (auto added = add_connections(log.tables(), erasure.event); !added)
          return release_reply{added.error()};
        auto message = erasure_append(log.events(), release.by, erasure);
        if (!message)
          return release_reply{message.error()};
        return append_for_directory(
            self, std::move(*message),
            [self, id = erasure.event.account_id](const store::append_outcome& outcome) {
              note_erasure(self->state.parts, id, outcome);
            });
      },
  };
}

} // namespace headwater::actors
