#pragma once

// What a power cut may leave of a MANIFEST: the file system knew how long the file had become, but
// not yet what stood in its last records, and left zeros there. RocksDB 7.8.3 takes a file that is
// too short for one that ends earlier, but calls zeros in its last record a checksum mismatch, and
// the log would never open again, although nothing was lost that any sync had promised. Here such a
// file is read as if it ended where its last whole record ends. Nothing is written: whoever opens
// the database for writing begins a new MANIFEST anyway, and what the shorter one says is checked
// like any other (HEAD, holes, marks, leftovers).
//
// RocksDB's log format, of which a MANIFEST is made: https://github.com/facebook/rocksdb/wiki/
// Write-Ahead-Log-File-Format

#include <rocksdb/env.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace headwater::store {

inline constexpr std::size_t log_block_size = std::size_t{32} << 10;
inline constexpr std::size_t log_header_size = 7; ///< checksum of 4 bytes, length of 2, type

/// The size of the record at the beginning of these bytes, with its header, and whether it is
/// whole. What is cut short reaches to their end.
[[nodiscard]] std::pair<std::size_t, bool> log_record_in(std::string_view bytes);

/// Finds how much of a file in RocksDB's log format may be read, from its blocks in order.
class torn_tail {
public:
  /// The next block: all of its bytes, unless the file ends in it.
  void take(std::string_view block);
  /// Where the first record begins that is not whole, if it ends in zeros and nothing but zeros
  /// follows it, up to the end of the file. Otherwise the size of the file: any other damage is for
  /// RocksDB to find, since no power cut explains it.
  [[nodiscard]] std::uint64_t readable() const;

private:
  /// A record, or what is left of it, as places in the file.
  struct extent {
    std::uint64_t begin;
    std::uint64_t end;
  };

  std::uint64_t size_ = 0;        ///< of the blocks so far
  std::uint64_t content_end_ = 0; ///< behind the last byte that is not zero
  std::optional<extent> torn_;    ///< the first record that is not whole
};

/// RocksDB's default environment, in which every MANIFEST is read up to torn_tail::readable().
/// Lives as long as the process; thread-safe.
[[nodiscard]] rocksdb::Env* env_for_torn_manifests();

} // namespace headwater::store
