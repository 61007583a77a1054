#pragma once

// What the directory actor decides, as functions over the projection on disk. They block.

#include "actors/protocol/interfaces.hpp"
#include "domain/accounts/system_events.hpp"
#include "store/tables/table_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headwater::actors {

/// A decided command: the event to append (nothing: no change), and what its answer needs.
struct directory_decision {
  std::optional<accounts::system_event> event;
  directory_outcome unchanged;             ///< the answer where there is no event
  std::vector<std::string> ignored_fields; ///< of the request
  std::string secret;                      ///< of a new token, if generated
};

/// errc::validation_error, then errc::duplicate_entry: the id is taken, or a brand is another's.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const create_account& command);
/// Also errc::account_not_found, and errc::duplicate_entry where a brand that goes has AI platforms
/// of its own. Whether it has connections is checked with the append.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const change_account& command);
/// errc::validation_error; errc::forbidden for a grant beyond the creator's; errc::duplicate_entry
/// where the caller's own secret is a token already.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const create_token& command);
/// errc::not_found for a token that is not there or not the caller's to see. Revoking twice
/// changes nothing.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const revoke_token& command);

/// Erasures are not decided here: see erasure_decisions.hpp.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const erase_account& command);

/// errc::account_erased if the account was erased.
[[nodiscard]] result<void> check_not_erased(const store::table_store& tables,
                                            const std::string& account_id);

/// The answer that an event gives, once it stands in the log under `at`.
[[nodiscard]] directory_outcome outcome_of(const accounts::system_event& event,
                                           const event_meta& at);

} // namespace headwater::actors
