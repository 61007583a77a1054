#pragma once

// The tables beside the events: rows by key, in the order of their bytes.
//
// Operation: rows of a projection are written by append_command::writes, together with the events
// that they are made of, so that a projection always reflects the log up to a position, and can be
// built anew from it. The other tables (is_projection() says which) are written by put().
//
// Concurrency: every function is thread-safe, blocks on the disk and runs beside appends; only
// rebuild() has to be over before the first one. get() and scan() each see one state of the tables,
// two calls two states: use view() to add up what belongs together.
//
// Limits: a visitor of a scan runs while the engine holds that state, so it should be quick; a view
// keeps what it shows from being erased (erasable_log::scrub waits for a minute), so nobody may
// keep one.

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

/// Called for each whole key of a scan in order; returning false ends it.
using row_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// Takes rows of a table that is being built anew.
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
  /// The tables as they stand at this moment, whatever is written meanwhile. Not to outlive the
  /// engine.
  [[nodiscard]] virtual std::unique_ptr<const table_reader> view() const = 0;

  /// The values of many keys in the order asked; for deduplication.
  [[nodiscard]] virtual result<std::vector<std::optional<std::string>>>
  get_many(table where, std::span<const std::string> keys) const = 0;

  /// scan() descending, from the last key that starts with `prefix` on.
  [[nodiscard]] virtual result<void> scan_back(table where, std::string_view prefix,
                                               const row_visitor& visit) const = 0;

  /// Writes rows that need no event, all or none, without syncing: a later commit brings them to
  /// the disk. errc::internal_error: a row of a projection is among them, and nothing was written;
  /// errc::io_failed: the log has stopped.
  [[nodiscard]] virtual result<void> put(std::span<const table_write> rows) = 0;

  /// The log position that a projection reflects, or nothing where it was never finished. Compare
  /// it with event_log::end() after opening: anything else needs rebuild(). Nothing for the others.
  [[nodiscard]] virtual result<std::optional<std::uint64_t>> position(table where) const = 0;

  /// Deletes the rows of a projection and has `fill` write them anew, recording the position of the
  /// log's end last, so that a rebuild that was cut short is done again. Writes for other tables
  /// are left out. errc::internal_error for a table that is no projection: what is there is not
  /// from the log, or nobody misses it.
  [[nodiscard]] virtual result<void>
  rebuild(table where, const std::function<result<void>(const row_sink&)>& fill) = 0;
};

/// errc::internal_error if a row is of a projection; what table_store::put refuses.
[[nodiscard]] result<void> check_needs_no_event(std::span<const table_write> rows);

/// table_store::put of one row.
[[nodiscard]] result<void> put_row(table_store& tables, table where, std::string_view key,
                                   std::string_view value);

} // namespace headwater::store
