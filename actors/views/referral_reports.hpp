#pragma once

// Answers a report from the rollups. Blocks on the disk; reads no rows.

#include "actors/protocol/referral_messages.hpp"
#include "store/tables/table_store.hpp"

namespace headwater::actors {

/// Sums up the brand's connections; disabled ones only if the query names them.
/// errc::validation_error for a report with too many groups, errc::corrupt_log, errc::io_failed.
[[nodiscard]] report_reply read_report(const store::table_store& tables,
                                       const report_request& wanted);

} // namespace headwater::actors
