#pragma once

// Accounts' rules as they were at some of their events, so that a recovery replays only what came
// since. A cache in table::states (store/FORMAT.md): each state names the event that it reflects by
// its chain value, and whatever is damaged, unknown or of another history is passed over.
//
// find_state may be called from any thread; keep_state by one thread for all accounts.

#include "domain/rules/rules.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace headwater::snapshots {

/// States of an account that are kept; the older one serves where the newer is damaged.
inline constexpr std::size_t kept_states = 2;

/// The newest usable state, and why newer ones are not.
struct found_state {
  std::optional<attribution::account_rules> rules;
  std::vector<std::string> passed_over;
};

/// Never an error: without a state everything is replayed, and that tells what is wrong with a log.
[[nodiscard]] found_state find_state(const store::event_log& log, const store::table_store& tables,
                                     const std::string& stream);

/// Keeps the rules as they are at their version, and removes all but the newest states before it.
/// Of version 0 there is nothing to keep.
/// errc::io_failed; errc::corrupt_log where the event of that version cannot be read.
[[nodiscard]] result<void> keep_state(const store::event_log& log, store::table_store& tables,
                                      const std::string& stream,
                                      const attribution::account_rules& rules);

/// A state as it is kept, for who compares it with a replay.
struct kept_state {
  std::uint64_t version = 0;
  std::string text; ///< account_rules::canonical()
};
/// All that are kept for a stream, versions ascending. errc::corrupt_log for a damaged row.
[[nodiscard]] result<std::vector<kept_state>> list_states(const store::table_store& tables,
                                                          const std::string& stream);

} // namespace headwater::snapshots
