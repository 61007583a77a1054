#include "actors/views/rebuilt_tables.hpp"

#include "actors/views/projections.hpp"
#include "domain/core/try.hpp"
#include "domain/referrals/batch.hpp"
#include "domain/referrals/rollup_key.hpp"
#include "domain/referrals/row_block.hpp"
#include "domain/referrals/row_value.hpp"
#include "store/audit/erasures.hpp"
#include "store/log/rebuild_projection.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <string>

namespace headwater::actors {
namespace {

using store::table;

constexpr std::uint64_t told_every = 10'000;
constexpr std::uint64_t blocks_told_every = 100;

/// Adds up rows in the order of their keys and writes the sums, a part at a time.
class rollup_filler {
public:
  explicit rollup_filler(const store::row_sink& put) : put_(put) {}

  result<void> add(std::string_view key, std::string_view block) {
    TRY(auto place, referrals::place_of_row_block(key));
    if (!changes_ || place.connection_id != connection_ || changes_->size() > rows_at_once) {
      if (auto written = flush(); !written)
        return written;
      connection_ = place.connection_id;
      changes_.emplace(connection_);
    }
    referrals::block_reader rows{block};
    while (rows.next()) {
      TRY(auto row, referrals::decode_row_value(rows.value()));
      changes_->add(place.day, row);
    }
    return rows.verdict();
  }

  result<void> flush() {
    if (!changes_)
      return {};
    return put_(to_table_writes(table::rollups, changes_->writes()));
  }

private:
  static constexpr std::size_t rows_at_once = 20'000;

  const store::row_sink& put_;
  std::string connection_;
  std::optional<referrals::rollup_changes> changes_;
};

result<void> fill_rollups(const store::table_store& tables, const store::row_sink& put,
                          const rebuild_progress& tell) {
  rollup_filler filler{put};
  result<void> failed;
  std::uint64_t done = 0;
  auto scanned = tables.scan(table::rows, referrals::row_block_prefix, {},
                             [&](std::string_view key, std::string_view block) {
                               failed = filler.add(key, block);
                               if (++done % blocks_told_every == 0)
                                 tell(done, 0);
                               return failed.has_value();
                             });
  if (!scanned)
    return scanned;
  return failed ? filler.flush() : failed;
}

} // namespace

std::string_view name_of(table where) {
  switch (where) {
  case table::directory:
    return "directory";
  case table::referrals:
    return "referrals";
  case table::rows:
    return "rows";
  case table::rollups:
    return "rollups";
  case table::side_facts:
    return "operational";
  case table::states:
    return "states";
  case table::proofs:
    return "proofs";
  case table::usage:
    return "usage";
  }
  return "unknown";
}

result<void> rebuild_table(const store::event_log& log, store::table_store& tables, table where,
                           const rebuild_progress& tell) {
  if (where == table::rollups)
    return tables.rebuild(
        where, [&](const store::row_sink& put) { return fill_rollups(tables, put, tell); });
  const auto end = log.end().position;
  // An erased account has no rows, whether or not its parts are gone yet.
  TRY(const auto erased, store::read_erasures(log));
  using rows = result<std::vector<store::table_write>>;
  return rebuild_projection(log, tables, where, [&](const store::recorded_event& event) -> rows {
    if (event.header.position % told_every == 0)
      tell(event.header.position, end);
    if (erased.covers(event.header))
      return std::vector<store::table_write>{};
    return event.part ? project(event) : rows{store::lost_part(event.header)};
  });
}

namespace {

result<bool> has_any(const store::table_store& tables, table where, std::string_view prefix) {
  bool found = false;
  CHECK(tables.scan(where, prefix, {}, [&](std::string_view, std::string_view) {
    found = true;
    return false;
  }));
  return found;
}

/// Whether the table comes from an older database: from before the table of rows, whose rows were
/// in table::referrals and which had no records of batches; from before rollups counted the rows
/// of connections; or from before events of the system stream counted.
result<bool> is_of_old_layout(const store::event_log& log, const store::table_store& tables,
                              table where) {
  if (where == table::rollups) {
    constexpr auto days = referrals::rollup_kind::platforms_of_day;
    TRY(const bool has_days, has_any(tables, where, referrals::rollup_prefix(days, {})));
    TRY(const bool has_counts, has_any(tables, where, referrals::row_count_prefix));
    return has_days && !has_counts;
  }
  if (where == table::usage) {
    TRY(const auto counted, tables.get(where, counts_system_key));
    TRY(const auto version, log.version(std::string{system_stream}));
    return !counted && version > 0;
  }
  if (where != table::referrals)
    return false;
  TRY(auto rows, tables.position(table::rows));
  return !rows && log.end().position > 0;
}

} // namespace

result<void> bring_up_to_date(const store::event_log& log, store::table_store& tables,
                              table where) {
  TRY(auto position, tables.position(where));
  const auto end = log.end().position;
  const auto old = is_of_old_layout(log, tables, where);
  if (!old && old.error().code != errc::corrupt_log)
    return old.error();
  // A mark that cannot be read counts as none, and so does what tells the layout.
  if (!old)
    spdlog::warn("table {}: {}", name_of(where), old.error().message);
  else if (!*old && (position ? *position == end : end == 0))
    return {};
  spdlog::warn("table {} stands at {} and the log at {}: building it anew", name_of(where),
               position.value_or(0), end);
  auto rebuilt = rebuild_table(log, tables, where, [](std::uint64_t, std::uint64_t) {});
  // Rollups are made of rows, which have not been looked at.
  if (!rebuilt && rebuilt.error().code == errc::corrupt_log && where == table::rollups)
    return error{errc::corrupt_log, rebuilt.error().message + "; `headwater log rebuild` makes " +
                                        "all tables anew from the log"};
  return rebuilt;
}

result<bool> drop_unreadable_states(store::table_store& tables) {
  const auto read =
      tables.scan(table::states, {}, {}, [](std::string_view, std::string_view) { return true; });
  if (read || read.error().code != errc::corrupt_log)
    return read ? result<bool>{false} : read.error();
  CHECK(tables.rebuild(table::states, [](const store::row_sink&) { return result<void>{}; }));
  return true;
}

} // namespace headwater::actors
