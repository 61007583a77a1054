#pragma once

// Copies a log file by file while appends go on: the basis of a snapshot.
//
// Operation: the copy is a data directory in all but name: db/, its own HEAD, FORMAT last,
// everything synced (store/FORMAT.md).
//
// Concurrency: runs beside appends and readers; one copy at a time (the snapshotter). Blocks on the
// disk.
//
// Limits: database files become hard links if the copy is on the same file system; otherwise the
// copy needs as much room again.

#include "domain/core/error.hpp"
#include "store/log/event.hpp"

#include <filesystem>

namespace headwater::store {

class copier {
public:
  /// Copies the log as it stands into `directory`, which must exist and contain neither db/ nor
  /// HEAD nor FORMAT. Returns where the copy ends: after everything acknowledged before the call,
  /// and not after anything that is unacknowledged when it returns.
  /// errc::io_failed: not enough room (tried before anything is flushed), the log has stopped.
  /// What a failure leaves behind has no FORMAT; the caller removes it.
  [[nodiscard]] virtual result<log_end> copy_to(const std::filesystem::path& directory) const = 0;
  /// How many tables may be open at a time, here and when the copy is read.
  [[nodiscard]] virtual std::size_t open_tables() const = 0;

protected:
  ~copier() = default;
};

} // namespace headwater::store
