#pragma once

// The tables of memory_log. A copy is a state that later writes do not change.

#include "store/tables/table_store.hpp"

#include <map>
#include <string>

namespace headwater::store {

struct memory_tables final : table_reader {
  using rows = std::map<std::string, std::string, std::less<>>;

  void apply(const table_write& write);
  result<std::optional<std::string>> get(table where, std::string_view key) const override;
  result<void> scan(table where, std::string_view prefix, std::string_view from,
                    const row_visitor& visit) const override;

  std::map<table, rows> all;
};

} // namespace headwater::store
