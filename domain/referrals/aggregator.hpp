#pragma once

// Sums referral rows into the groups of a report. One aggregator per report, one thread.
// Invariant: sums are exact, and null stays distinct from 0.

#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/report.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace headwater::referrals {

class aggregator {
public:
  explicit aggregator(report_query query) : query_(std::move(query)) {}

  /// Adds a row of a connection if the query's dates and filters take it in. Which connections
  /// count by default (the active ones) is the caller's to decide.
  void add(const platform_row& row, std::string_view connection_id);

  /// The groups sorted and cut to the page asked for, with totals over all of them.
  [[nodiscard]] report finish() &&;

private:
  [[nodiscard]] bool takes(const platform_row& row, std::string_view connection_id) const;
  void group_key(const platform_row& row, std::string_view connection_id);

  report_query query_;
  std::unordered_map<std::string, report_row> groups_;
  report_sums totals_;
  std::string key_; ///< scratch, kept for its capacity
};

/// The first day of the day's group: itself, its ISO week's Monday or its month's first day.
[[nodiscard]] day_number group_start(day_number day, time_grain grain);

} // namespace headwater::referrals
