#pragma once

// RocksDB's own log of warnings and errors, DIR/db/LOG, written in a way that cannot fail:
// RocksDB's writer aborts the process on the next line after one that found the disk full, and its
// recovery writes such lines by itself. A line that cannot be written is left out; what failed is
// told by the log's stopped_reason(), too.

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

  std::mutex mutex_; // guards what follows
  std::filesystem::path path_;
  file_descriptor file_{-1};
  std::size_t size_ = 0;
};

} // namespace headwater::store
