#pragma once

// Rebuilds projection tables: at a start those that lag behind the log, and in `headwater log
// rebuild` all of them. Before the first append.

#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace headwater::actors {

/// The tables that are derived from the log, in the order in which they must be rebuilt.
inline constexpr store::table projected_tables[] = {store::table::directory,
                                                    store::table::referrals, store::table::rows,
                                                    store::table::rollups, store::table::usage};

[[nodiscard]] std::string_view name_of(store::table where);

/// Called from time to time with how many events or rows are done, out of how many; `of` is 0 if
/// that is unknown.
using rebuild_progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

/// Deletes a table and rebuilds it: rollups from the table of rows, which must be up to date, all
/// others from the log. errc::corrupt_log, errc::io_failed.
[[nodiscard]] result<void> rebuild_table(const store::event_log& log, store::table_store& tables,
                                         store::table where, const rebuild_progress& tell);

/// The same, but only if the table is not up to date with the log.
[[nodiscard]] result<void> bring_up_to_date(const store::event_log& log, store::table_store& tables,
                                            store::table where);

/// Empties the table of kept states if it cannot be read; whether it did. Accounts are read from
/// their events until new states are kept.
[[nodiscard]] result<bool> drop_unreadable_states(store::table_store& tables);

} // namespace headwater::actors
