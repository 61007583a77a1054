#pragma once

// What to tell of a table file that cannot be read: which table it is of, and what mends it.
// Stateless.

#include "domain/core/error.hpp"
#include "store/engine/rocksdb_database.hpp"

#include <rocksdb/status.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace headwater::store {

/// What an operator does about a damaged file of that table, given by RocksDB's name.
[[nodiscard]] std::string cure_of(std::string_view family);

/// What to do about any other file of a database.
inline constexpr std::string_view cure_of_database = "restore a snapshot into an empty directory";

/// Why RocksDB did not open the database, with its file and the cure where a file is damaged or
/// missing.
[[nodiscard]] error cannot_open(const std::filesystem::path& database,
                                const rocksdb::Status& status);

/// The error with the table's name and the cure behind it, if it is of a damaged block in a file of
/// the database; otherwise the error itself.
[[nodiscard]] error with_cure(const rocksdb_database& database, error why);

} // namespace headwater::store
