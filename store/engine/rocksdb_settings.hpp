#pragma once

// How RocksDB is set up: its column families and options. Stateless.

#include "store/disk/open_files.hpp"

#include <rocksdb/db.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace headwater::store {

/// The column families in the order in which they are opened.
enum class family : std::uint8_t {
  unused, ///< RocksDB's "default"
  events,
  positions,
  heads,
  idempotency,
  directory,
  referrals,
  side_facts,
  rollups,
  rows,
  proofs,
  states,
  usage,
};
inline constexpr std::size_t family_count = 13;

/// The families that a database may lack: it is older than they are, or a process was killed while
/// it made one anew. Opening it for writing creates them, without a mark, so that those that have
/// one are rebuilt.
inline constexpr family dispensable_families[] = {
    family::directory, family::referrals, family::rollups, family::rows,
    family::proofs,    family::states,    family::usage};

/// The families in which each commit writes a mark with its last position (store/FORMAT.md).
inline constexpr family marked_families[] = {
    family::heads,   family::idempotency, family::directory, family::referrals,
    family::rollups, family::rows,        family::usage};

struct memory_settings {
  std::size_t block_cache_bytes;
  std::size_t memtable_bytes;
  std::size_t open_tables = most_open_tables; ///< at a time, or every_table
};

[[nodiscard]] std::string_view name_of(family which);
/// The family with that name in a database; nothing if it is not one of ours.
[[nodiscard]] std::optional<family> family_named(std::string_view name);

[[nodiscard]] rocksdb::DBOptions database_options(const memory_settings& memory);
[[nodiscard]] std::vector<rocksdb::ColumnFamilyDescriptor>
family_descriptors(const memory_settings& memory);

} // namespace headwater::store
