#pragma once

// The projection tables of a RocksDB log at one moment. Internal to the engine; any thread.

#include "store/engine/rocksdb_database.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::store {

class rocksdb_tables final : public table_reader {
public:
  explicit rocksdb_tables(const rocksdb_database& database) : now_(database) {}

  result<std::optional<std::string>> get(table where, std::string_view key) const override;
  result<void> scan(table where, std::string_view prefix, std::string_view from,
                    const row_visitor& visit) const override;

private:
  rocksdb_view now_;
};

} // namespace headwater::store
