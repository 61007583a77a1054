#pragma once

// One row of the AI-referrals push: what a site's analytics tool counted on one day for one
// referrer and page (the vendor's document "Push AI referrals events"). Values, any thread.

#include "domain/core/time.hpp"
#include "domain/json/json_number.hpp"
#include "domain/referrals/revenue.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// The metrics of a row. Null (nothing) means "not measured" and differs from 0. Counts are from 0
/// to 2^53-1.
struct row_metrics {
  std::optional<std::int64_t> pageviews;
  std::optional<std::int64_t> sessions;
  std::optional<std::int64_t> transactions;
  std::optional<revenue> purchase_revenue;

  bool operator==(const row_metrics&) const = default;
};

/// A row. The texts are views: keep their owner alive as long as the row.
struct referral_row {
  day_number date = 0;
  std::string_view raw_referrer_value;
  std::string_view raw_page_value;
  row_metrics metrics;
  std::optional<std::string_view> batch_id;

  bool operator==(const referral_row&) const = default;
};

/// A row whose referrer is on the allow-list, with the platform decided when it arrived.
struct platform_row {
  referral_row row;
  std::string_view platform;

  bool operator==(const platform_row&) const = default;
};

/// Keeps alive the bytes that rows point into.
using text_owner = std::shared_ptr<const void>;

/// The limits of one row and one batch: those of the vendor's document and some of our own.
struct row_limits {
  static constexpr std::size_t max_referrer = 512; ///< code points, at least 1
  static constexpr std::size_t max_page = 2048;    ///< code points, at least 1
  static constexpr std::size_t max_batch_id = 128; ///< code points
  static constexpr std::int64_t max_count = largest_count;
  static constexpr std::size_t max_faults = 100;
  static constexpr std::size_t max_depth = 32;
};

/// The rows of one push in the order sent, and the bytes that they point into.
struct row_batch {
  std::vector<referral_row> rows;
  text_owner text;
};

} // namespace headwater::referrals
