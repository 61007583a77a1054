#pragma once

// The registry of accounts in memory. It loads an account on first use, through readers that do
// nothing else, so that a thousand cold accounts at once do not delay other look-ups; and it ends
// accounts that have been idle for a while.
//
// Invariant: at most one account actor per account is alive. An account that is being loaded or is
// leaving keeps its place in `places`; requests for it wait there, and a new actor is spawned only
// after the old one's DOWN.

#include "actors/protocol/interfaces.hpp"
#include "actors/reader.hpp"
#include "actors/shared/service_parts.hpp"
#include "domain/core/keyed_hash.hpp"

#include <chrono>
#include <unordered_map>
#include <vector>

namespace headwater::actors {

/// An account's place: in memory (loaded), or on its way in or out, with the requests waiting for
/// it.
struct account_place {
  loaded_account_ptr loaded;
  bool moving = false;
  bool is_closing = false; ///< erased: it leaves and does not come back
  std::vector<caf::typed_response_promise<loaded_account_reply>> waiting;
  std::vector<caf::typed_response_promise<bool>> awaiting_end;
};

struct registry_state {
  static inline const char* name = "registry";

  service_parts parts;
  reader_pool readers;
  reader_pool loaders;
  journal_actor journal;
  std::chrono::milliseconds passivate_after{};
  text_map<account_place> places;
  std::unordered_map<caf::actor_addr, std::string> accounts_by_address;
};

registry_actor::behavior_type registry(registry_actor::stateful_pointer<registry_state> self,
                                       service_parts parts, reader_pool readers,
                                       reader_pool loaders, journal_actor journal,
                                       std::chrono::milliseconds passivate_after);

} // namespace headwater::actors
