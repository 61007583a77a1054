#pragma once

// The named tables of a log and their rows, as values. Keys and values are bytes; their meaning is
// documented where they are made (domain/, actors/views/projections.hpp) and in FORMAT.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// The named key spaces that projections use; each is a RocksDB column family.
enum class table : std::uint8_t {
  directory = 1, ///< accounts, brands, tokens
  referrals,     ///< connections, and the pages of their rows
  side_facts,    ///< not from the log: last_used_at, last_pushed_at, last_push_error
  rollups,       ///< sums of AI-referral rows, see domain/referrals/rollup.hpp
  rows,          ///< AI-referral rows, see domain/referrals/row_block.hpp
  proofs,        ///< the Merkle tree of the events and its checkpoints, see stored_tree.hpp
  states,        ///< accounts' rules at some of their events: a cache for replay
  usage,         ///< what counts against quotas, see usage.hpp
};

/// Whether a table is derived from the log alone and reflects it up to a position.
[[nodiscard]] constexpr bool is_projection(table which) {
  return which != table::side_facts && which != table::proofs && which != table::states;
}

/// Whether a table can be dropped and made anew: projections, and kept states, which accounts make
/// again as they go on.
[[nodiscard]] constexpr bool can_be_rebuilt(table which) {
  return is_projection(which) || which == table::states;
}

/// One change of a table: a value to put, or no value to delete the key. A value of table::rollups
/// or table::usage is added to the stored one, and one of table::rows is merged over it. The empty
/// key belongs to the log itself: no row has it, and writes to it are ignored.
struct table_write {
  table where;
  std::string key;
  std::optional<std::string> value;
};

/// The keys of a table from `from` on, which must not be empty, and before `to`.
struct row_range {
  table where;
  std::string from;
  std::string to;
};

/// The keys that start with `prefix`, which must not be empty.
[[nodiscard]] row_range rows_with(table where, std::string_view prefix);
/// One key.
[[nodiscard]] row_range row_at(table where, std::string_view key);

} // namespace headwater::store
