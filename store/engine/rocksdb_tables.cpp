#include "store/engine/rocksdb_tables.hpp"

#include "store/engine/rocksdb_status.hpp"
#include "store/tables/keys.hpp"

namespace headwater::store {

result<std::optional<std::string>> rocksdb_tables::get(table where, std::string_view key) const {
  if (key == mark_key)
    return std::optional<std::string>{};
  return now_.get(family_of(where), key);
}

result<void> rocksdb_tables::scan(table where, std::string_view prefix, std::string_view from,
                                  const row_visitor& visit) const {
  rocksdb_range rows{now_, family_of(where), prefix_end(prefix)};
  for (rows->Seek(std::string{prefix}.append(from)); rows->Valid(); rows->Next())
    if (rows->key() != mark_key && !visit(rows->key().ToStringView(), rows->value().ToStringView()))
      return {};
  if (!rows->status().ok())
    return from_status(rows->status(), "cannot scan");
  return {};
}

} // namespace headwater::store
