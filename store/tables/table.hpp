#pragma once

// The named tables of a log and rows of them, as values. Keys and values are bytes; what they mean
// is written down where they are made (domain/, actors/views/projections.hpp) and in FORMAT.md.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::store {

/// The named key spaces that projections live in; each a RocksDB column family.
enum class table : std::uint8_t {
  directory = 1, ///< accounts, brands, tokens
  referrals,     ///< connections, and the pages of their rows
  side_facts,    ///< not from the log: last_used_at, last_pushed_at, last_push_error
  rollups,       ///< what AI-referral rows add up to, see domain/referrals/rollup.hpp
  rows,          ///< AI-referral rows, see domain/referrals/row_block.hpp
  proofs,        ///< the Merkle tree of the events and its checkpoints, see stored_tree.hpp
  states,        ///< accounts' rules as they were at some events: a cache of replay
};

/// Whether a table is made from the log alone and reflects it up to a position.
[[nodiscard]] constexpr bool is_projection(table which) {
  return which != table::side_facts && which != table::proofs && which != table::states;
}

/// One change of a table: a value to put, or nothing to delete the key. A value of table::rollups
/// is added to what stands there, and one of table::rows put over it. The empty key is the log's
/// own: no row has it, and a write of it is left out.
struct table_write {
  table where;
  std::string key;
  std::optional<std::string> value;
};

/// The keys of a table from `from` on, which is not empty, and before `to`.
struct row_range {
  table where;
  std::string from;
  std::string to;
};

/// The keys that start with `prefix`, which is not empty.
[[nodiscard]] row_range rows_with(table where, std::string_view prefix);
/// One key.
[[nodiscard]] row_range row_at(table where, std::string_view key);

} // namespace headwater::store
