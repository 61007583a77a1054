#pragma once

// RocksDB's own log of warnings and errors, DIR/db/LOG, written so that it cannot fail: after
// finding the disk full, RocksDB's own writer aborts the process at the next line, and recovery
// writes such lines by itself. A line that cannot be written is dropped; the failure itself is also
// reported by the log's stopped_reason().

#include "store/disk/files.hpp"

#include <rocksdb/env.h>

#include <filesystem>
#include <mutex>

namespace headwater::store {

/// Any thread. The file is opened with the first line; at 1 MiB it becomes LOG.old.
class info_log final : public rocksdb::Logger {
public:
  explicit info_log(std::filesystem::path path)
      : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL), path_(std::move(path)) {}

  using rocksdb::Logger::Logv;
  void Logv(const char* format, va_list arguments) override;

private:
  void open();

  std::mutex mutex_; // guards everything below
  std::filesystem::path path_;
  file_descriptor file_{-1};
  std::size_t size_ = 0;
};

} // namespace headwater::store
