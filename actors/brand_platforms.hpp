#pragma once

// What brands have added to the allow-list, from the directory table. Blocks on the disk.

#include "actors/interfaces.hpp"
#include "actors/service_parts.hpp"
#include "store/table_store.hpp"

namespace headwater::actors {

/// The brand's entries by host.
[[nodiscard]] brand_platform_list read_brand_platforms(const store::table_store& tables,
                                                       std::int64_t brand_id);

/// The same for pushes, from the cache where it has them. Null: the brand has none.
[[nodiscard]] result<referrals::own_platforms_ptr> own_platforms_of(const service_parts& parts,
                                                                    std::int64_t brand_id);

} // namespace headwater::actors
