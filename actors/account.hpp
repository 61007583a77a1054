#pragma once

// One account's rules: decides commands one after the other and publishes only what is durable.
//
// Commands that arrive during an append wait; then all of them are decided in order against the
// evolving state and appended as one batch, so a busy account still gets group commit. The evolving
// state is a private copy. Once the log has given the events their times and sequences, the same
// apply() that replay uses advances the durable state, that state is published, and only then are
// the commands answered, refusals included: a 409 may be about a rule that was still on its way to
// the disk.

#include "actors/protocol/interfaces.hpp"
#include "actors/reader.hpp"
#include "actors/shared/service_parts.hpp"

#include <vector>

namespace headwater::actors {

struct rule_job {
  rule_request request;
  caf::typed_response_promise<rule_reply> reply;
};

struct account_state {
  static inline const char* name = "account";

  loaded_account_ptr loaded;
  service_parts parts;
  reader_pool readers;
  journal_actor journal;
  std::vector<rule_job> waiting;
  bool busy = false; ///< a key look-up or an append is under way
  bool drain_is_sent = false;
  bool is_ending = false;
};

account_actor::behavior_type account(account_actor::stateful_pointer<account_state> self,
                                     loaded_account_ptr loaded, service_parts parts,
                                     reader_pool readers, journal_actor journal);

} // namespace headwater::actors
