#include "store/tables/table.hpp"

#include "store/tables/keys.hpp"

namespace headwater::store {

row_range rows_with(table where, std::string_view prefix) {
  return {where, std::string{prefix}, prefix_end(prefix).value_or(std::string{})};
}

row_range row_at(table where, std::string_view key) {
  return {where, std::string{key}, std::string{key} + '\0'};
}

} // namespace headwater::store
