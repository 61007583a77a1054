#pragma once

// The directory actor's decisions about AI platforms that brands add. Blocks on the disk.

#include "actors/decisions/directory_decisions.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// errc::forbidden if the brand has been taken from the account in the meantime;
/// errc::validation_error at path.host beyond accounts::max_brand_platforms. Repeating the same
/// name changes nothing.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const put_brand_platform& command);
/// Also errc::not_found, which says whether the host is on the shipped list.
[[nodiscard]] result<directory_decision> decide(const store::table_reader& tables,
                                                const remove_brand_platform& command);

/// errc::duplicate_entry if a brand to be removed has platforms of its own.
[[nodiscard]] result<void> check_no_platforms(const store::table_reader& tables,
                                              const std::vector<std::int64_t>& brand_ids);

} // namespace headwater::actors
