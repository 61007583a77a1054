#pragma once

// How many descriptors an open log takes. RocksDB lets only the number of its tables be chosen; the
// rest comes on top of it. Constants and arithmetic.

#include <algorithm>
#include <cstddef>

namespace headwater::store {

/// More open tables make nothing faster before the data have a thousand of them, some 60 GB.
inline constexpr std::size_t most_open_tables = 1'000;
/// With fewer, tables that compactions and readers hold would soon be more than those that may be
/// open.
inline constexpr std::size_t least_open_tables = 48;
/// Locks, HEAD, LOG, MANIFEST, WALs, directories, the outputs of a flush and of a compaction; and
/// tables that somebody reads while their places are already taken by others.
inline constexpr std::size_t files_beside_tables = 64;
/// In place of a number: each table is opened at once and stays open, so that it can be read when a
/// live server has removed its file.
inline constexpr std::size_t every_table = 0;

/// With so many tables open at a time. A snapshot that is being made is read through like a log,
/// with as many tables.
[[nodiscard]] constexpr std::size_t files_of_log(std::size_t open_tables) {
  return 2 * open_tables + files_beside_tables;
}

/// The open tables that a log with so many descriptors may have, from the least to the most.
[[nodiscard]] constexpr std::size_t tables_within(std::size_t files) {
  const auto left = files > files_beside_tables ? files - files_beside_tables : 0;
  return std::clamp(left / 2, least_open_tables, most_open_tables);
}

} // namespace headwater::store
