#pragma once

// How much room a file system has, and below which mark an operator wants no more to be added.
// Stateless; asks the kernel.

#include "domain/core/error.hpp"

#include <cstdint>
#include <filesystem>

namespace headwater::store {

struct disk_space {
  std::uint64_t free = 0; ///< bytes that this user may still write
  std::uint64_t size = 0; ///< bytes of the whole file system
};

/// Of the file system on which the directory lies. errc::io_failed.
[[nodiscard]] result<disk_space> disk_space_of(const std::filesystem::path& directory);

/// The low-water mark as a part of the file system, within bounds.
struct low_water {
  std::uint64_t percent = 5; ///< of its size; 0: there is no mark
  std::uint64_t most = std::uint64_t{1} << 30;
};

/// What a start needs at least: a MANIFEST, a WAL and tables of what the last WAL held.
inline constexpr std::uint64_t least_low_water = std::uint64_t{8} << 20;

/// The mark in bytes, at least least_low_water; 0: none.
[[nodiscard]] std::uint64_t bytes_of(const low_water& mark, std::uint64_t size_of_disk);

/// What may still be written, and the mark below which nothing is to be added.
struct disk_room {
  disk_space disk;
  std::uint64_t unflushed = 0; ///< bytes in memory that will be written once more, as tables
  std::uint64_t mark = 0;

  /// What is left once everything in memory has become tables.
  [[nodiscard]] std::uint64_t left() const {
    return disk.free > unflushed ? disk.free - unflushed : 0;
  }
};

} // namespace headwater::store
