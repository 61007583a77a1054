#pragma once

// The tables as they will be once some writes are made, so that commands that are appended together
// can be decided one after the other.
//
// Concurrency: one thread. Reads what it stands on, and so blocks on the disk.

#include "store/tables/table_store.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>

namespace headwater::store {

class planned_tables final : public table_reader {
public:
  /// `base` must outlive this, and should not change meanwhile.
  explicit planned_tables(const table_reader& base) : base_(base) {}

  /// Shows these rows from now on, merged with those before them where the table's values are.
  /// An error of reading those; errc::corrupt_log if they cannot be merged.
  [[nodiscard]] result<void> plan(std::span<const table_write> writes);

  [[nodiscard]] result<std::optional<std::string>> get(table where,
                                                       std::string_view key) const override;
  [[nodiscard]] result<void> scan(table where, std::string_view prefix, std::string_view from,
                                  const row_visitor& visit) const override;

private:
  /// Rows by key; nothing for one that is deleted.
  using rows = std::map<std::string, std::optional<std::string>, std::less<>>;

  const table_reader& base_;
  std::map<table, rows> planned_;
};

} // namespace headwater::store
