#include "store/event_log.hpp"

#include "store/keys.hpp"

namespace headwater::store {

row_range rows_with(table where, std::string_view prefix) {
  return {where, std::string{prefix}, prefix_end(prefix).value_or(std::string{})};
}

row_range row_at(table where, std::string_view key) {
  return {where, std::string{key}, std::string{key} + '\0'};
}

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
