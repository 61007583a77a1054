#pragma once

// What the directory actor decides about the AI platforms that brands add. Blocks on the disk.

#include "actors/decisions/directory_decisions.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// errc::forbidden for a brand that was taken from the account meanwhile; errc::validation_error at
/// path.host for one more than accounts::max_brand_platforms. The same name again changes nothing.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const put_brand_platform& command);
/// Also errc::not_found, which says whether the host is on the shipped list.
[[nodiscard]] result<directory_decision> decide(const store::table_store& tables,
                                                const remove_brand_platform& command);

/// errc::duplicate_entry if a brand that would go has platforms of its own.
[[nodiscard]] result<void> check_no_platforms(const store::table_store& tables,
                                              const std::vector<std::int64_t>& brand_ids);

} // namespace headwater::actors
