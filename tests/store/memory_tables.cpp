#include "tests/store/memory_tables.hpp"

#include "store/tables/mergers.hpp"

#include <array>

namespace headwater::store {

void memory_tables::apply(const table_write& write) {
  if (write.key.empty())
    return;
  auto& rows = all[write.where];
  const auto merge = merge_function_of(write.where);
  if (auto before = rows.find(write.key); merge != nullptr && write.value && before != rows.end()) {
    const std::array<std::string_view, 2> values = {before->second, *write.value};
    // Values that cannot be merged stay as they are and fail when they are read, as in RocksDB.
    before->second = merge(values).value_or(*write.value);
  } else if (write.value)
    rows.insert_or_assign(write.key, *write.value);
  else
    rows.erase(write.key);
}

result<std::optional<std::string>> memory_tables::get(table where, std::string_view key) const {
  const auto rows_of = all.find(where);
  if (rows_of == all.end())
    return std::optional<std::string>{};
  const auto found = rows_of->second.find(key);
  return found == rows_of->second.end() ? std::nullopt : std::optional{found->second};
}

result<void> memory_tables::scan(table where, std::string_view prefix, std::string_view from,
                                 const row_visitor& visit) const {
  const auto rows_of = all.find(where);
  if (rows_of == all.end())
    return {};
  for (auto row = rows_of->second.lower_bound(std::string{prefix}.append(from));
       row != rows_of->second.end() && row->first.starts_with(prefix); ++row)
    if (!visit(row->first, row->second))
      break;
  return {};
}

} // namespace headwater::store
