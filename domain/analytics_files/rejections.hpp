#pragma once

// Which rows a server will reject and why, according to its own list of AI platforms: the answer to
// a push names only the first 20. Pure; belongs to one thread.

#include "domain/core/error.hpp"
#include "domain/referrals/platforms/normaliser.hpp"
#include "domain/referrals/referral_row.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

/// A list of AI platforms, together with the texts that it points into.
using owned_list = std::shared_ptr<const referrals::platform_list>;

/// Reads the answer of `GET /{brand_id}/ai-referrals/platforms`. errc::bad_request for anything
/// else.
[[nodiscard]] result<owned_list> read_platforms(std::string_view json);

struct rejected_referrer {
  std::string referrer;
  std::uint64_t rows = 0;
  referrals::referrer_reason reason = referrals::referrer_reason::not_listed;
};

class rejections {
public:
  static constexpr std::size_t most_shown = 20;

  /// `last_day`: the last one that a server accepts, which is tomorrow in UTC.
  rejections(owned_list list, day_number last_day) : list_(std::move(list)), last_day_(last_day) {}

  /// Whether the server rejects the row. Rows must come sorted by referrer, so that each referrer
  /// is judged once and none needs to be remembered.
  [[nodiscard]] bool add(const referrals::referral_row& row);

  /// Call it after the last row. The most frequent referrers first, equally frequent ones by name.
  [[nodiscard]] const std::vector<rejected_referrer>& most_frequent();
  [[nodiscard]] std::uint64_t referrers() const { return referrers_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Rows with a listed referrer but a day in the future.
  [[nodiscard]] std::uint64_t future_rows() const { return future_rows_; }

private:
  void close();

  owned_list list_;
  day_number last_day_;
  rejected_referrer current_; ///< without rows: its referrer is listed
  bool is_listed_ = false;
  bool has_current_ = false;
  std::vector<rejected_referrer> most_frequent_;
  std::uint64_t referrers_ = 0, rows_ = 0, future_rows_ = 0;
};

} // namespace headwater::analytics_files
