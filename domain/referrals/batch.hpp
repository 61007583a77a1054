#pragma once

// What a push does, in two pure steps with one look-up of stored rows in between: screen() decides
// which rows are acceptable and where they belong, settle() which of them change anything.

#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/page_block.hpp"
#include "domain/referrals/platforms/own_platforms.hpp"
#include "domain/referrals/platforms/platform_list.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/rollup_changes.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace headwater::referrals {

/// A batch after screening: one row per key, the last one sent.
struct screened_batch {
  connection_identity connection;
  std::vector<platform_row> rows; ///< in the order in which their keys first appeared
  std::vector<row_place> places;  ///< of each of `rows`
  std::uint64_t accepted = 0;     ///< including those superseded by a later row
  std::uint64_t rejected = 0;
  std::uint64_t superseded = 0;
  std::vector<std::string> errors;
  std::vector<std::string> batch_ids;
  text_owner text;
};

/// Drops rows whose referrer is not on the list or whose date lies after tomorrow (`today` is a UTC
/// day), and keeps the last row of each key. `own` is what the brand has added to the list, or
/// null; the batch keeps it alive, because its rows point into it.
[[nodiscard]] screened_batch screen(const row_batch& batch, const connection_identity& connection,
                                    day_number today, const platform_list& list,
                                    const own_platforms_ptr& own = nullptr);

/// A decided push: the event, and its changes to the tables, so that nothing is hashed twice.
struct batch_plan {
  batch_received event;
  std::vector<named_page> pages; ///< of event.rows, each once; point into event.text
  std::vector<block_write> rows;
  std::vector<block_write> rollups;
};

/// Drops rows that equal the stored ones: same texts, same platform, same metrics, whatever the
/// batch id. `stored` has the value of each row of `screened`, in order (row_lookup::values).
/// errc::corrupt_log if a stored value cannot be read, errc::internal_error if the number of values
/// differs.
[[nodiscard]] result<batch_plan> settle(screened_batch screened,
                                        std::span<const std::optional<std::string>> stored);

} // namespace headwater::referrals
