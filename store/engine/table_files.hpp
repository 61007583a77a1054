#pragma once

// Checks RocksDB's table files (*.sst) before RocksDB reads them: 7.8.3 reads a table's properties
// before verifying them, and with Debian's assertions some damage there ends the process without
// naming a file.

#include "domain/core/error.hpp"

#include <filesystem>

namespace headwater::store {

/// Verifies the footer, metaindex and properties of each table file in the directory of a database,
/// some 2 KiB of each. errc::corrupt_log names a damaged one. A file without any table footer, such
/// as an unfinished one, is left to RocksDB, which knows whether it is in use. The layout is that
/// of format version 5 (https://github.com/facebook/rocksdb/wiki/Rocksdb-BlockBasedTable-Format).
[[nodiscard]] result<void> check_table_files(const std::filesystem::path& directory);

} // namespace headwater::store
