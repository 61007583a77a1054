#pragma once

// A look at RocksDB's table files (*.sst) before RocksDB looks at them: 7.8.3 reads the properties
// of a table before it verifies them, and with Debian's assertions some damage there ends the
// process and names no file.

#include "domain/core/error.hpp"

#include <filesystem>

namespace headwater::store {

/// Verifies the footer, metaindex and properties of each table file in the directory of a database,
/// some 2 KiB of each file. errc::corrupt_log names one that is damaged; what has no table's footer
/// at all, as a file that was not finished, is left to RocksDB, which knows whether it is in use.
/// The layout is that of format version 5
/// (https://github.com/facebook/rocksdb/wiki/Rocksdb-BlockBasedTable-Format).
[[nodiscard]] result<void> check_table_files(const std::filesystem::path& directory);

} // namespace headwater::store
