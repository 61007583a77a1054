#pragma once

// Directory commands that are appended together. Each is decided on the tables as the ones before
// it will leave them, so that many share one synced write. Blocks on the disk; owned by the
// directory actor.
//
//   commands   create a | create b | create token for a | remove a brand of a | create c
//   batches    |                 one append             |        alone        | next ...
//
// A batch ends before a command that has to be alone (it is completed and appended by the
// connections actor), and before a second use of an Idempotency-Key, which is then answered from
// the log.

#include "actors/decisions/directory_decisions.hpp"
#include "actors/decisions/refused_purpose.hpp"
#include "actors/shared/account_counts.hpp"
#include "store/log/event_log.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace headwater::actors {

/// The fate of one command.
struct decided_directory_command {
  result<directory_outcome> outcome = directory_outcome{}; ///< final unless there is an event
  directory_decision decision = {};                        ///< with an event, which is appended
  /// Others of the batch come before it: it is only true once they are durable.
  bool rests_on_others = false;
};

struct directory_limits {
  std::size_t account_tokens = 1'000; ///< usable ones of an account
  std::shared_ptr<account_counts> counts;
};

struct directory_batch {
  /// One for each of the first commands, in order; the others are for a later batch.
  std::vector<decided_directory_command> decided;
  store::append_request append;                 ///< no commands: nothing to make durable
  write_purpose purpose = write_purpose::frees; ///< of the most demanding command to append
  held_rooms counted = {}; ///< of the accounts whose quotas the events count against
  /// The one command takes brands away from their account, which the connections actor appends if
  /// they have no connections.
  std::vector<std::int64_t> released_brands = {};
};

/// Decides the first of the commands, of which none is an erasure; at least one. What was `refused`
/// gets that error instead of an event. If a row that one of them needs cannot be read, only the
/// first is decided, so that each error reaches the client that it concerns and nobody else. Quotas
/// are checked here and not by the journal: a batch is about many accounts, and none may be refused
/// for another.
[[nodiscard]] directory_batch decide_batch(const store::event_log& log,
                                           const store::table_store& tables,
                                           std::span<const directory_request* const> requests,
                                           const directory_limits& limits,
                                           const std::optional<refused_purpose>& refused = {});

} // namespace headwater::actors
