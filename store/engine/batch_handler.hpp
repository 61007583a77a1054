#pragma once

// Reads the writes of a batch of RocksDB's. Stateless.

#include <rocksdb/write_batch.h>

#include <cstdint>

namespace headwater::store {

/// Passes over every write; a reader overrides those that it looks at. RocksDB's own base class
/// fails at writes of families that it does not know.
class batch_handler : public rocksdb::WriteBatch::Handler {
public:
  rocksdb::Status PutCF(std::uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteCF(std::uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status SingleDeleteCF(std::uint32_t, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status DeleteRangeCF(std::uint32_t, const rocksdb::Slice&,
                                const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  rocksdb::Status MergeCF(std::uint32_t, const rocksdb::Slice&, const rocksdb::Slice&) override {
    return rocksdb::Status::OK();
  }
  void LogData(const rocksdb::Slice&) override {}
};

} // namespace headwater::store
