#pragma once

// The read side of the referrals store: the query of GET /{brand_id}/ai-referrals, its checks, and
// the rows of the answer. Values and pure functions, any thread.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"
#include "domain/referrals/revenue.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace headwater::referrals {

enum class time_grain : std::uint8_t { none = 1, date, week, month };

enum class sort_column : std::uint8_t {
  date = 1, ///< the group's first day, whatever the grain
  platform,
  page,
  connection,
  pageviews,
  sessions,
  transactions,
  purchase_revenue,
};

struct sort_order {
  sort_column column = sort_column::date;
  bool descending = false;

  bool operator==(const sort_order&) const = default;
};

struct report_query {
  static constexpr int default_days = 30;
  static constexpr int max_days = 366;
  static constexpr std::size_t default_limit = 1'000;
  static constexpr std::size_t max_limit = 10'000;

  day_number first_day = 0; ///< inclusive
  day_number last_day = 0;  ///< inclusive
  time_grain grain = time_grain::none;
  bool by_platform = false;
  bool by_page = false;
  bool by_connection = false;
  std::vector<std::string> platforms;   ///< any of them; empty: all
  std::vector<std::string> connections; ///< ULIDs; empty: all active ones
  std::string page_prefix;
  std::vector<sort_order> order; ///< then by the group columns, ascending
  std::size_t limit = default_limit;
  std::size_t offset = 0;

  bool operator==(const report_query&) const = default;
};

using query_parameter = std::pair<std::string, std::string>;

/// Reads decoded query parameters, in order. `today` is a UTC day. Unknown names are ignored.
/// group_by defaults to date. platform and connection may be repeated or separated by commas.
/// order_by is a list of columns, each at most once, where a leading `-` means descending; `date`
/// is the period of any grain. errc::validation_error with all faults, each at ["query", name].
[[nodiscard]] result<report_query> read_report_query(std::span<const query_parameter> given,
                                                     day_number today);

/// The sums of a group. The sum of nulls alone is null.
struct report_sums {
  std::optional<revenue_sum> pageviews;
  std::optional<revenue_sum> sessions;
  std::optional<revenue_sum> transactions;
  std::optional<revenue_sum> purchase_revenue; ///< in millionths

  bool operator==(const report_sums&) const = default;
};

/// One group. Columns that are not grouped by have no value.
struct report_row {
  std::optional<day_number> date; ///< the day, the Monday of its ISO week, or the month's first day
  std::optional<std::string> platform;
  std::optional<std::string> page;
  std::optional<std::string> connection;
  report_sums sums;

  bool operator==(const report_row&) const = default;
};

struct report {
  std::vector<report_row> rows; ///< the requested page
  report_sums totals;           ///< over all groups
  std::size_t total = 0;        ///< number of groups in all
};

/// The most bytes that the rows of an answer may take. A single page URL may have 8 KiB.
inline constexpr std::size_t max_report_bytes = std::size_t{8} << 20;

/// {"rows":[...],"totals":{...},"total":n}, with the query's group columns in each row.
/// errc::validation_error at "limit" if the rows exceed max_report_bytes.
[[nodiscard]] result<std::string> to_json(const report& value, const report_query& query);

/// RFC 4180: a header line, CRLF, quotes where needed; null is an empty field. No totals. The
/// errors of to_json().
[[nodiscard]] result<std::string> to_csv(const report& value, const report_query& query);

} // namespace headwater::referrals
