#pragma once

// Accounts' rules as of some of their events, so that a recovery replays only what came after. A
// cache in table::states (store/FORMAT.md): each state names its event by chain value, and anything
// damaged, unknown or from another history is skipped.
//
// find_state may be called from any thread; keep_state from one thread for all accounts.

#include "domain/rules/rules.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headwater::snapshots {

/// How many states of an account are kept; the older one is used if the newer is damaged.
inline constexpr std::size_t kept_states = 2;

/// The newest usable state, and why newer ones are unusable.
struct found_state {
  std::optional<attribution::account_rules> rules;
  std::vector<std::string> passed_over;
};

/// Never an error: without a state everything is replayed, and that reports any problem of the log.
[[nodiscard]] found_state find_state(const store::event_log& log, const store::table_store& tables,
                                     const std::string& stream);

/// Stores the rules at their current version, and removes all but the newest states before it. At
/// version 0 there is nothing to store.
/// errc::io_failed; errc::corrupt_log if the event of that version cannot be read.
[[nodiscard]] result<void> keep_state(const store::event_log& log, store::table_store& tables,
                                      const std::string& stream,
                                      const attribution::account_rules& rules);

/// A kept state, for comparison with a replay.
struct kept_state {
  std::uint64_t version = 0;
  std::string text; ///< account_rules::canonical()
};
/// All states kept for a stream, versions ascending. errc::corrupt_log for a damaged row.
[[nodiscard]] result<std::vector<kept_state>> list_states(const store::table_store& tables,
                                                          const std::string& stream);

} // namespace headwater::snapshots
