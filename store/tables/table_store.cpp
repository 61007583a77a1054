#include "store/tables/table_store.hpp"

#include <algorithm>

namespace headwater::store {

result<void> check_needs_no_event(std::span<const table_write> rows) {
  if (std::ranges::any_of(rows, [](const table_write& row) { return is_projection(row.where); }))
    return error{errc::internal_error, "a row of a projection is written with its events alone"};
  return {};
}

result<void> put_row(table_store& tables, table where, std::string_view key,
                     std::string_view value) {
  const table_write row{where, std::string{key}, std::string{value}};
  return tables.put({&row, 1});
}

} // namespace headwater::store
