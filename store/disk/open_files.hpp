#pragma once

// How many file descriptors an open log uses. RocksDB only lets us limit the number of open table
// files; its other files come on top. Constants and arithmetic.

#include <algorithm>
#include <cstddef>

namespace headwater::store {

/// A log has a thousand table files when it holds some 60 GB. Keeping more open hardly helps.
inline constexpr std::size_t most_open_tables = 1'000;
/// With fewer, compactions and readers together would soon hold more tables than may be open.
inline constexpr std::size_t least_open_tables = 48;
/// Locks, HEAD, LOG, MANIFEST, WALs, directories, the outputs of a flush and of a compaction, and
/// tables still being read after others have taken their places.
inline constexpr std::size_t files_beside_tables = 64;
/// Instead of a number of open tables: opens every table at the start and keeps it open. So a
/// reader beside a live server can still read a table whose file the server has removed.
inline constexpr std::size_t every_table = 0;

/// How many descriptors a log with so many open tables needs. While a snapshot is checked, its
/// tables are open, too: hence twice as many.
[[nodiscard]] constexpr std::size_t files_of_log(std::size_t open_tables) {
  return 2 * open_tables + files_beside_tables;
}

/// How many open tables so many descriptors allow; at least least_open_tables, at most
/// most_open_tables.
[[nodiscard]] constexpr std::size_t tables_within(std::size_t files) {
  const auto left = files > files_beside_tables ? files - files_beside_tables : 0;
  return std::clamp(left / 2, least_open_tables, most_open_tables);
}

} // namespace headwater::store
