#pragma once

// The tables beside the events: rows by key, in the order of their bytes.
//
// Operation: rows of a projection are written through append_command::writes, together with the
// events that they are derived from, so that a projection always reflects the log up to a position
// and can be rebuilt from it. The other tables (see is_projection()) are written by put().
//
// Concurrency: every function is thread-safe, blocks on the disk and runs beside appends; only
// rebuild() must be over before the first one. Each get() and scan() sees one consistent state of
// the tables, but two calls may see two states: use view() for reads that belong together.
//
// Limits: a scan's visitor runs while the engine holds that state, so it should be quick. A view
// delays the erasure of what it shows (erasable_log::scrub waits for a minute), so do not keep one.

#include "domain/core/error.hpp"
#include "store/tables/table.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store {

/// Called for each row of a scan in order, with its whole key; returning false ends the scan.
using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// Takes rows of a table that is being rebuilt.
using row_sink = std::function<result<void>(std::span<const table_write>)>;

/// The tables as they are now, or as they were when a view was taken.
class table_reader {
public:
  virtual ~table_reader() = default;

  [[nodiscard]] virtual result<std::optional<std::string>> get(table where,
                                                               std::string_view key) const = 0;

  /// Visits all keys that start with `prefix`, ascending by bytes, from `prefix + from` on.
  [[nodiscard]] virtual result<void> scan(table where, std::string_view prefix,
                                          std::string_view from,
                                          const row_visitor& visit) const = 0;
};

class table_store : public table_reader {
public:
  /// The tables as they are at this moment, whatever is written later. Must not outlive the engine.
  [[nodiscard]] virtual std::unique_ptr<const table_reader> view() const = 0;

  /// The values of many keys, in the order asked; for deduplication.
  [[nodiscard]] virtual result<std::vector<std::optional<std::string>>>
  get_many(table where, std::span<const std::string> keys) const = 0;

  /// scan() descending, from the last key that starts with `prefix` on.
  [[nodiscard]] virtual result<void> scan_back(table where, std::string_view prefix,
                                               const row_visitor& visit) const = 0;

  /// Writes rows that do not belong to an event, all or none, without syncing: a later commit
  /// brings them to disk. errc::internal_error: some row belongs to a projection, and nothing was
  /// written; errc::io_failed: the log has stopped.
  [[nodiscard]] virtual result<void> put(std::span<const table_write> rows) = 0;

  /// The log position that a projection reflects, or nothing if building it was never finished.
  /// Compare it with event_log::end() after opening: if they differ, rebuild(). Nothing for other
  /// tables.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> position(table where) const = 0;

  /// Drops a table, without reading it, so it may be damaged, and has `fill` write its rows again.
  /// The position of the log's end is recorded last, so that an interrupted rebuild is repeated.
  /// Writes for other tables are ignored. No other thread may use the table meanwhile.
  /// errc::internal_error unless can_be_rebuilt().
  [[nodiscard]] virtual result<void>
  rebuild(table where, const std::function<result<void>(const row_sink&)>& fill) = 0;
};

/// errc::internal_error if a row belongs to a projection, which table_store::put refuses.
[[nodiscard]] result<void> check_needs_no_event(std::span<const table_write> rows);

/// table_store::put of one row.
[[nodiscard]] result<void> put_row(table_store& tables, table where, std::string_view key,
                                   std::string_view value);

} // namespace headwater::store
