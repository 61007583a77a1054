#pragma once

// What brands have added to the allow-list, from the directory table. Blocks on the disk.

#include "actors/protocol/directory_messages.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// The brand's entries by host.
[[nodiscard]] brand_platform_list read_brand_platforms(const store::table_store& tables,
                                                       std::int64_t brand_id);

} // namespace headwater::actors
