#pragma once

// Copies a log beside its own appends, file by file: what a snapshot is made of.
//
// Operation: the copy is a data directory in all but its name: db/, HEAD of its own, FORMAT last,
// everything synced (store/FORMAT.md).
//
// Concurrency: runs beside appends and readings; one copy at a time (the snapshotter). Blocks on
// the disk.
//
// Limits: files of the database are hard links where the copy lies on the same file system, else it
// needs as much room again.

#include "domain/core/error.hpp"
#include "store/log/event.hpp"

#include <filesystem>

namespace headwater::store {

class copier {
public:
  /// Copies the log as it stands into `directory`, which exists and holds neither db/ nor HEAD nor
  /// FORMAT. Gives where the copy ends: behind all that was acknowledged before the call, and
  /// nothing that was not by the time it returns.
  /// errc::io_failed: not enough room (tried before anything is flushed), the log has stopped.
  /// What a failure leaves has no FORMAT; the caller removes it.
  [[nodiscard]] virtual result<log_end> copy_to(const std::filesystem::path& directory) const = 0;
  /// How many tables are open at a time, here and where the copy is read.
  [[nodiscard]] virtual std::size_t open_tables() const = 0;

protected:
  ~copier() = default;
};

} // namespace headwater::store
