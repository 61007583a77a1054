#pragma once

// Compares the kept states of accounts with a replay of their streams. Blocks on the disk.

#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <cstdint>
#include <functional>

namespace headwater::snapshots {

/// Returns the number of kept states, each equal to what a replay gives. errc::corrupt_log names
/// the stream and the version of one that is not. `tell` is called from time to time with the
/// number of accounts so far.
[[nodiscard]] result<std::uint64_t>
check_states(const store::event_log& log, const store::table_store& tables,
             const std::function<void(std::uint64_t accounts)>& tell);

} // namespace headwater::snapshots
