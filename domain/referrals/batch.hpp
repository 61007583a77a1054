#pragma once

// What a push does, in two pure steps with one lookup of stored rows between them: screen()
// decides what may come in and under which keys, settle() what of it changes anything.

#include "domain/referrals/connection_event.hpp"
#include "domain/referrals/platform_list.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/rollup_changes.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace headwater::referrals {

/// A batch after screening: one row per key, the last one sent.
struct screened_batch {
  connection_identity connection;
  std::vector<platform_row> rows; ///< in the order in which their keys first appeared
  std::vector<std::string> keys;  ///< the database key of each of `rows`
  std::uint64_t accepted = 0;     ///< with those superseded by a later row
  std::uint64_t rejected = 0;
  std::uint64_t superseded = 0;
  std::vector<std::string> errors;
  std::vector<std::string> batch_ids;
  text_owner text;
};

/// Drops the rows whose referrer is not on the list or whose date lies after tomorrow (`today` is
/// a UTC day), and keeps the last row of each key.
[[nodiscard]] screened_batch screen(const row_batch& batch, const connection_identity& connection,
                                    day_number today, const platform_list& list);

/// A page of a connection, as rollups name it and as it was sent.
struct named_page {
  page_id id;
  std::string_view text;
};

/// A decided push: the event, what it changes in the rollups, and what its rows hash to, so that
/// nobody hashes twice.
struct batch_plan {
  batch_received event;
  std::vector<std::string> keys; ///< of each of event.rows
  std::vector<named_page> pages; ///< of event.rows, each once; look into event.text
  std::vector<rollup_write> rollups;
};

/// The pages of rows, each once, in order of appearance.
class distinct_pages {
public:
  page_id add(std::string_view text);
  [[nodiscard]] std::vector<named_page> take() && { return std::move(pages_); }

private:
  std::unordered_map<std::string_view, page_id> ids_;
  std::vector<named_page> pages_;
};

/// Drops the rows that equal what is stored: same texts, same platform, same metrics, whatever the
/// batch id. `stored` holds the value under each key of `screened`, in order.
/// errc::corrupt_log if a stored value cannot be read, errc::internal_error for another count.
[[nodiscard]] result<batch_plan> settle(screened_batch screened,
                                        std::span<const std::optional<std::string>> stored);

} // namespace headwater::referrals
