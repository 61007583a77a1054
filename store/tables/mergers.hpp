#pragma once

// Tables whose values are merged with the stored ones instead of replacing them. Both engines use
// them.

#include "store/tables/table.hpp"

#include <rocksdb/merge_operator.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::store {

/// Merges the values of a key, given oldest first. Nothing if one of them is unreadable.
using merge_function = std::optional<std::string> (*)(std::span<const std::string_view> values);

/// How the values of a table are merged; null if a later value replaces an earlier one.
[[nodiscard]] merge_function merge_function_of(table where);

/// The same as an operator for RocksDB; its name identifies the layout of the values.
[[nodiscard]] std::shared_ptr<rocksdb::MergeOperator> merger(const char* name,
                                                             merge_function merge);

} // namespace headwater::store
