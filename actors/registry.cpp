#include "actors/registry.hpp"

#include "actors/account.hpp"
#include "actors/shared/append.hpp"
#include "actors/shared/loaded_account.hpp"
#include "actors/state_writer.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace headwater::actors {
namespace {

using registry_pointer = registry_actor::stateful_pointer<registry_state>;

constexpr std::chrono::milliseconds longest_sweep_interval{30'000};
constexpr std::chrono::milliseconds shortest_sweep_interval{50};
constexpr std::chrono::milliseconds closing_pause{10};

// The states of a place, from the first request for its account on:
//
//   none     --acquire---------------------------> loading
//   loading  --the rules are here----------------> loaded
//   loading  --cannot be loaded------------------> none
//   loaded   --idle for long, or erased----------> leaving
//   leaving  --busy after all--------------------> loaded     an erased one is asked again
//   loaded, leaving  --DOWN, requests wait-------> loading
//   loaded, leaving  --DOWN, none wait, erased---> none
//
// `moving` is set in loading and leaving; requests that come then wait in the place. To spawn a new
// actor before the old one's DOWN would let two of them decide on one account.
void answer(account_place& place, const loaded_account_reply& with) {
  for (auto& promise : std::exchange(place.waiting, {}))
    promise.deliver(with);
}

void ask_to_leave(registry_pointer self, account_place& place);

/// Removes an account that is no longer in memory.
void forget(registry_state& state, const std::string& account_id, const loaded_account_reply& why) {
  auto place = std::move(state.places[account_id]);
  state.places.erase(account_id);
  answer(place, why);
  for (auto& promise : place.awaiting_end)
    promise.deliver(true);
}

/// The rules are loaded: spawns the account's actor and answers the waiting requests.
void welcome(registry_pointer self, const std::string& account_id, loaded_rules&& rules) {
  auto& state = self->state;
  const auto replayed_bytes = rules.replayed_bytes;
  auto loaded =
      std::make_shared<loaded_account>(account_id, std::move(rules), state.parts.compilers);
  keep_after_recovery(state.parts, *loaded, replayed_bytes);
  loaded->commands = self->spawn(account, loaded, state.parts, state.readers, state.journal);
  self->monitor(loaded->commands);
  state.accounts_by_address[loaded->commands.address()] = account_id;
  auto& place = state.places[account_id];
  place.loaded = loaded;
  place.moving = false;
  state.parts.loaded->add(loaded);
  state.parts.counters->account_loads.Increment();
  state.parts.counters->loaded_accounts.Increment();
  answer(place, loaded);
  if (place.is_closing)
    ask_to_leave(self, place);
}

void turn_away(registry_pointer self, const std::string& account_id, const error& why) {
  spdlog::error("account {} cannot be loaded: {}", account_id, why.message);
  forget(self->state, account_id, why);
}

void load(registry_pointer self, const std::string& account_id) {
  self->state.places[account_id].moving = true;
  self->request(self->state.loaders.next(), caf::infinite, load_rules{account_id})
      .then(
          [self, account_id](rules_reply& loaded) {
            if (loaded)
              welcome(self, account_id, std::move(*loaded));
            else
              turn_away(self, account_id, loaded.error());
          },
          [self, account_id](const caf::error&) {
            turn_away(self, account_id, {errc::service_unavailable, "The service is stopping."});
          });
}

/// Asks an idle account to leave. The loaded account goes first, so that no new request finds it.
void ask_to_leave(registry_pointer self, account_place& place) {
  place.moving = true;
  self->state.parts.loaded->remove(place.loaded->id);
  auto id = place.loaded->id;
  self->request(place.loaded->commands, caf::infinite, passivate_atom::value)
      .then(
          [self, id](bool leaves) {
            if (leaves)
              return; // its DOWN follows
            auto& staying = self->state.places[id];
            staying.moving = false;
            if (staying.is_closing) {
              self->delayed_send(self, closing_pause, drain_atom::value, id);
              return answer(staying, erased_meanwhile());
            }
            // Who changed the platforms of its brands meanwhile did not find it, and after the
            // first line somebody may be making them from what he has read before.
            staying.loaded->forget_platforms();
            self->state.parts.loaded->add(staying.loaded);
            staying.loaded->forget_platforms();
            answer(staying, staying.loaded);
          },
          [](const caf::error&) {
            // It ended by itself; its DOWN follows.
          });
}

void sweep(registry_pointer self) {
  auto limit = now() - std::chrono::microseconds(self->state.passivate_after).count();
  for (auto& [id, place] : self->state.places)
    if (!place.moving && place.loaded && place.loaded->last_used < limit)
      ask_to_leave(self, place);
}

void depart(registry_pointer self, const caf::down_msg& down) {
  auto& state = self->state;
  auto found = state.accounts_by_address.find(down.source);
  if (found == state.accounts_by_address.end())
    return;
  auto id = std::move(found->second);
  state.accounts_by_address.erase(found);
  state.parts.loaded->remove(id);
  state.parts.counters->loaded_accounts.Decrement();
  auto& place = state.places[id];
  place.loaded.reset();
  if (place.is_closing || place.waiting.empty())
    forget(state, id, erased_meanwhile());
  else
    load(self, id);
}

} // namespace

registry_actor::behavior_type registry(registry_pointer self, service_parts parts,
                                       reader_pool readers, reader_pool loaders,
                                       journal_actor journal,
                                       std::chrono::milliseconds passivate_after) {
  self->state.parts = std::move(parts);
  self->state.readers = std::move(readers);
  self->state.loaders = std::move(loaders);
  self->state.journal = std::move(journal);
  self->state.passivate_after = passivate_after;
  self->set_down_handler([self](const caf::down_msg& down) { depart(self, down); });
  // Also accounts that are leaving or erased: they are in no list of loaded ones, and an actor that
  // is not ended would keep the process from its end.
  self->set_exit_handler([self](const caf::exit_msg& end) {
    for (const auto& [id, place] : self->state.places)
      if (place.loaded)
        self->send_exit(place.loaded->commands, end.reason);
    self->quit(end.reason);
  });
  auto interval = std::clamp(passivate_after / 4, shortest_sweep_interval, longest_sweep_interval);
  self->delayed_send(self, interval, sweep_atom::value);
  return {
      [self](const acquire_account& wanted) -> caf::result<loaded_account_reply> {
        if (self->state.parts.erasures->contains(wanted.account_id))
          return loaded_account_reply{erased_meanwhile()};
        auto& place = self->state.places[wanted.account_id];
        if (place.loaded && !place.moving)
          return loaded_account_reply{place.loaded};
        auto reply = self->make_response_promise<loaded_account_reply>();
        place.waiting.push_back(reply);
        if (!place.moving)
          load(self, wanted.account_id);
        return reply;
      },
      [self](const close_account& wanted) -> caf::result<bool> {
        const auto found = self->state.places.find(wanted.account_id);
        if (found == self->state.places.end())
          return true;
        auto& place = found->second;
        auto reply = self->make_response_promise<bool>();
        place.is_closing = true;
        place.awaiting_end.push_back(reply);
        if (!place.moving)
          ask_to_leave(self, place);
        return reply;
      },
      [self](drain_atom, const std::string& account_id) {
        const auto found = self->state.places.find(account_id);
        if (found != self->state.places.end() && found->second.loaded && !found->second.moving)
          ask_to_leave(self, found->second);
      },
      [self, interval](sweep_atom) {
        sweep(self);
        self->delayed_send(self, interval, sweep_atom::value);
      },
  };
}

} // namespace headwater::actors
