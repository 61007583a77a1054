#pragma once

// Rebuilds a projection from the whole log, event by event. Before the first append; blocks.

#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <functional>
#include <vector>

namespace headwater::store {

/// The rows of one table that an event changes. Called in order of position; it may read the
/// tables, and in the one being rebuilt it finds the rows of all earlier events.
using projector = std::function<result<std::vector<table_write>>(const recorded_event&)>;

/// table_store::rebuild() with the rows that `project` returns for each event.
[[nodiscard]] result<void> rebuild_projection(const event_log& events, table_store& tables,
                                              table where, const projector& project);

} // namespace headwater::store
