#include "store/tables/planned_tables.hpp"

#include "domain/core/try.hpp"
#include "store/tables/mergers.hpp"

#include <array>

namespace headwater::store {

result<void> planned_tables::plan(std::span<const table_write> writes) {
  for (const auto& write : writes) {
    if (write.key.empty())
      continue;
    auto value = write.value;
    if (const auto merge = merge_function_of(write.where); merge != nullptr && value) {
      TRY(const auto before, get(write.where, write.key));
      if (before) {
        value = merge(std::array<std::string_view, 2>{*before, *value});
        if (!value)
          return error{errc::corrupt_log, "a row of a table cannot be added to"};
      }
    }
    planned_[write.where].insert_or_assign(write.key, std::move(value));
  }
  return {};
}

result<std::optional<std::string>> planned_tables::get(table where, std::string_view key) const {
  if (const auto rows_of = planned_.find(where); rows_of != planned_.end())
    if (const auto found = rows_of->second.find(key); found != rows_of->second.end())
      return found->second;
  return base_.get(where, key);
}

// Two sorted lists become one: before each row below come the planned rows with smaller keys, and a
// planned row with the same key stands for it.
result<void> planned_tables::scan(table where, std::string_view prefix, std::string_view from,
                                  const row_visitor& visit) const {
  const auto rows_of = planned_.find(where);
  if (rows_of == planned_.end())
    return base_.scan(where, prefix, from, visit);
  const auto& planned = rows_of->second;
  auto next = planned.lower_bound(std::string{prefix}.append(from));
  const auto is_left = [&] { return next != planned.end() && next->first.starts_with(prefix); };
  bool goes_on = true;
  const auto visit_next = [&] {
    if (next->second)
      goes_on = visit(next->first, *next->second);
    ++next;
  };
  auto scanned = base_.scan(where, prefix, from, [&](std::string_view key, std::string_view value) {
    while (goes_on && is_left() && next->first < key)
      visit_next();
    if (!goes_on)
      return false;
    if (is_left() && next->first == key)
      visit_next();
    else
      goes_on = visit(key, value);
    return goes_on;
  });
  while (scanned && goes_on && is_left())
    visit_next();
  return scanned;
}

} // namespace headwater::store
