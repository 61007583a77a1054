#include "domain/analytics_files/rejections.hpp"

#include <algorithm>

namespace headwater::analytics_files {

bool rejections::add(const referrals::referral_row& row) {
  if (!has_current_ || current_.referrer != row.raw_referrer_value) {
    close();
    const auto match = referrals::match_referrer(*list_, row.raw_referrer_value);
    is_listed_ = match.platform.has_value();
    current_ = {std::string(row.raw_referrer_value), 0, match.reason};
    has_current_ = true;
  }
  if (is_listed_) {
    future_rows_ += row.date > last_day_ ? 1 : 0;
    return row.date > last_day_;
  }
  ++current_.rows;
  ++rows_;
  return true;
}

/// Adds the finished referrer to the most frequent ones, if it is one of them.
void rejections::close() {
  if (current_.rows == 0)
    return;
  ++referrers_;
  const auto place = std::ranges::find_if(
      most_frequent_, [&](const rejected_referrer& each) { return each.rows < current_.rows; });
  most_frequent_.insert(place, std::move(current_));
  if (most_frequent_.size() > most_shown)
    most_frequent_.pop_back();
  current_ = {};
  has_current_ = false;
}

const std::vector<rejected_referrer>& rejections::most_frequent() {
  close();
  return most_frequent_;
}

} // namespace headwater::analytics_files
