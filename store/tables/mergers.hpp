#pragma once

// Tables whose values are not replaced but merged with what stands there. Both engines use them.

#include "store/tables/table.hpp"

#include <rocksdb/merge_operator.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::store {

/// What becomes of the values of a key, the oldest first. Nothing if one of them cannot be read.
using merge_function = std::optional<std::string> (*)(std::span<const std::string_view> values);

/// How the values of a table are merged; null where a later one replaces an earlier one.
[[nodiscard]] merge_function merge_function_of(table where);

/// The same for RocksDB, to which the name tells the layout of the values.
[[nodiscard]] std::shared_ptr<rocksdb::MergeOperator> merger(const char* name,
                                                             merge_function merge);

} // namespace headwater::store
