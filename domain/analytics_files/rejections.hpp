#pragma once

// Which rows a server will reject and why, told by its own list of AI platforms: the answer to a
// push names only its first 20. Pure; belongs to one thread.

#include "domain/core/error.hpp"
#include "domain/referrals/platforms/normaliser.hpp"
#include "domain/referrals/referral_row.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

/// A list of AI platforms and the texts that it looks into.
using owned_list = std::shared_ptr<const referrals::platform_list>;

/// Reads what `GET /{brand_id}/ai-referrals/platforms` answers. errc::bad_request for anything
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

  /// `last_day`: the last that a server takes, tomorrow in UTC.
  rejections(owned_list list, day_number last_day) : list_(std::move(list)), last_day_(last_day) {}

  /// Whether the server rejects the row. Rows come in the order of their referrers, so that each is
  /// judged and counted once and in no memory.
  [[nodiscard]] bool add(const referrals::referral_row& row);

  /// After the last row: the most frequent first, equal ones by name.
  [[nodiscard]] const std::vector<rejected_referrer>& most_frequent();
  [[nodiscard]] std::uint64_t referrers() const { return referrers_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Rows of listed referrers whose day is to come.
  [[nodiscard]] std::uint64_t future_rows() const { return future_rows_; }

private:
  void close();

  owned_list list_;
  day_number last_day_;
  rejected_referrer current_; ///< no rows: it is listed
  bool is_listed_ = false;
  bool has_current_ = false;
  std::vector<rejected_referrer> most_frequent_;
  std::uint64_t referrers_ = 0, rows_ = 0, future_rows_ = 0;
};

} // namespace headwater::analytics_files
