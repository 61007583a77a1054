#pragma once

// How RocksDB adds up the values that are written under one key of table::rollups. Stateless.

#include <rocksdb/merge_operator.h>

#include <memory>

namespace headwater::store {

[[nodiscard]] std::shared_ptr<rocksdb::MergeOperator> rollup_merger();

} // namespace headwater::store
