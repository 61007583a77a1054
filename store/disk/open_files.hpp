#pragma once

// How many file descriptors an open log uses. RocksDB only lets us choose the number of open
// tables; everything else is on top. Constants and arithmetic.

#include <algorithm>
#include <cstddef>

namespace headwater::store {

/// More open tables only help once the data has a thousand of them, some 60 GB.
inline constexpr std::size_t most_open_tables = 1'000;
/// With fewer, compactions and readers together would soon hold more tables than may be open.
inline constexpr std::size_t least_open_tables = 48;
/// Locks, HEAD, LOG, MANIFEST, WALs, directories, the outputs of a flush and of a compaction, and
/// tables still being read after others have taken their places.
inline constexpr std::size_t files_beside_tables = 64;
/// Used instead of a number: each table is opened at once and stays open, so that it can be read
/// even after a live server has removed its file.
inline constexpr std::size_t every_table = 0;

/// The descriptors of a log with that many open tables. A snapshot being made is read back like a
/// log, with as many tables again.
[[nodiscard]] constexpr std::size_t files_of_log(std::size_t open_tables) {
  return 2 * open_tables + files_beside_tables;
}

/// How many open tables a log with that many descriptors may have, between the least and the most.
[[nodiscard]] constexpr std::size_t tables_within(std::size_t files) {
  const auto left = files > files_beside_tables ? files - files_beside_tables : 0;
  return std::clamp(left / 2, least_open_tables, most_open_tables);
}

} // namespace headwater::store
