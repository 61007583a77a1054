#pragma once

// One account's rules: decides commands one after the other and shows only what is durable.
//
// Commands that arrive while an append is under way wait; then all of them are decided in order
// against the evolving state and appended as one batch, so a hot account still gets group commit.
// The evolving state is a copy that nobody sees. When the log has given the events their times and
// sequences, the same apply() that replay uses brings the durable state forward, that state is
// published, and only then are the commands answered, refusals included: a 409 may be about a rule
// that was on its way to the disk.

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
  bool busy = false; ///< a batch is being looked up or appended
  bool drain_is_sent = false;
  bool is_ending = false;
};

account_actor::behavior_type account(account_actor::stateful_pointer<account_state> self,
                                     loaded_account_ptr loaded, service_parts parts,
                                     reader_pool readers, journal_actor journal);

} // namespace headwater::actors
