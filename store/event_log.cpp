#include "store/event_log.hpp"

namespace headwater::store {

result<void> event_log::rebuild_projection(table where, const projector& project) {
  return rebuild(where, [&](const row_sink& put) {
    return read_all(1, [&](const recorded_event& event) -> result<void> {
      auto rows = project(event);
      if (!rows)
        return rows.error();
      return put(*rows);
    });
  });
}

} // namespace headwater::store
