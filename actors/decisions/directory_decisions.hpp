#pragma once

// What the directory actor decides: functions that read the projection on disk, so they block.

#include "actors/protocol/interfaces.hpp"
#include "domain/accounts/system_events.hpp"
#include "store/tables/table_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headwater::actors {

/// A decided command: the event to append (nothing: no change), and what the answer needs.
struct directory_decision {
  std::optional<accounts::system_event> event;
  directory_outcome unchanged;             ///< the answer if there is no event
  std::vector<std::string> ignored_fields; ///< from the request
  std::string secret;                      ///< of a new token, if it was generated
  std::string owner;                       ///< of the brand whose platforms change
};

/// errc::validation_error, then errc::duplicate_entry: the id is taken, or a brand belongs to
/// another account.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const create_account& command);
/// Also errc::account_not_found, and errc::duplicate_entry if a brand to be removed has AI
/// platforms of its own. Whether it has connections is checked together with the append.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const change_account& command);
/// errc::validation_error, also if the caller's own secret already belongs to a token;
/// errc::forbidden for a grant beyond the creator's; errc::quota_exceeded if one of its accounts
/// has `most` usable tokens. Those for all accounts are not counted. `time` is that of the event
/// (log_time).
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const create_token& command, micros time,
                                                std::size_t most);
/// errc::not_found for a token that does not exist or that the caller may not see. Revoking twice
/// changes nothing.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const revoke_token& command, micros time);

/// Erasures are not decided here: see erasure_decisions.hpp.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const erase_account& command);

/// errc::account_erased if the account has been erased.
[[nodiscard]] result<void> check_not_erased(const store::table_reader& tables,
                                            const std::string& account_id);

/// What the command is for: a removal or a revocation frees.
[[nodiscard]] write_purpose purpose_of(const directory_request& request);

/// The answer to the command whose event is now in the log at `at`.
[[nodiscard]] directory_outcome outcome_of(const accounts::system_event& event,
                                           const event_meta& at);

} // namespace headwater::actors
