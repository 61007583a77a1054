#pragma once

// The one adapter from a RocksDB status to an error. Stateless.

#include "domain/core/error.hpp"

#include <rocksdb/status.h>

#include <string_view>

namespace headwater::store {

/// The error for a status that is not ok: "<doing>: <RocksDB's message>", which names the file if
/// RocksDB does. errc::corrupt_log for corruption, otherwise errc::io_failed.
[[nodiscard]] error from_status(const rocksdb::Status& status, std::string_view doing);

} // namespace headwater::store
