#pragma once

// What a push does, in two pure steps with one lookup of stored rows between them: screen()
// decides what may come in and where it stands, settle() what of it changes anything.

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
  std::uint64_t accepted = 0;     ///< with those superseded by a later row
  std::uint64_t rejected = 0;
  std::uint64_t superseded = 0;
  std::vector<std::string> errors;
  std::vector<std::string> batch_ids;
  text_owner text;
};

/// Drops the rows whose referrer is not on the list or whose date lies after tomorrow (`today` is
/// a UTC day), and keeps the last row of each key. `own` is what the brand has added, null for
/// nothing; the batch keeps it alive, because its rows look into it.
[[nodiscard]] screened_batch screen(const row_batch& batch, const connection_identity& connection,
                                    day_number today, const platform_list& list,
                                    own_platforms_ptr own = nullptr);

/// A decided push: the event, and what it changes in the tables, so that nobody hashes twice.
struct batch_plan {
  batch_received event;
  std::vector<named_page> pages; ///< of event.rows, each once; look into event.text
  std::vector<block_write> rows;
  std::vector<block_write> rollups;
};

/// Drops the rows that equal what is stored: same texts, same platform, same metrics, whatever the
/// batch id. `stored` holds the value of each row of `screened`, in order (row_lookup::values).
/// errc::corrupt_log if a stored value cannot be read, errc::internal_error for another count.
[[nodiscard]] result<batch_plan> settle(screened_batch screened,
                                        std::span<const std::optional<std::string>> stored);

} // namespace headwater::referrals
