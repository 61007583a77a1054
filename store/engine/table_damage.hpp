#pragma once

// What to tell of a table file that cannot be read: which table it is of, and what mends it.
// Stateless.

#include "domain/core/error.hpp"
#include "store/engine/rocksdb_database.hpp"

#include <string>
#include <string_view>

namespace headwater::store {

/// What an operator does about a damaged file of that table, given by RocksDB's name.
[[nodiscard]] std::string cure_of(std::string_view family);

/// The error with the table's name and the cure behind it, if it is of a damaged block in a file of
/// the database; otherwise the error itself.
[[nodiscard]] error with_cure(const rocksdb_database& database, error why);

} // namespace headwater::store
