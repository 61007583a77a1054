#include "store/log/rebuild_projection.hpp"

#include "domain/core/try.hpp"

namespace headwater::store {

result<void> rebuild_projection(const event_log& events, table_store& tables, table where,
                                const projector& project) {
  return tables.rebuild(where, [&](const row_sink& put) {
    return events.read_all(1, [&](const recorded_event& event) -> result<void> {
      TRY(auto rows, project(event));
      return put(rows);
    });
  });
}

} // namespace headwater::store
