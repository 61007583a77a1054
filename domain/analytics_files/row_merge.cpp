#include "domain/analytics_files/row_merge.hpp"

#include "domain/core/try.hpp"

#include <algorithm>

namespace headwater::analytics_files {
namespace {

using referrals::revenue;
using referrals::row_limits;
using referrals::row_metrics;

class buffer_rows final : public sorted_rows {
public:
  explicit buffer_rows(const row_buffer& buffer) : buffer_(buffer) {}

  result<bool> next(export_row& into) override {
    if (place_ == buffer_.size())
      return false;
    into = buffer_.at(place_++);
    return true;
  }

private:
  const row_buffer& buffer_;
  std::size_t place_ = 0;
};

/// False if the sum exceeds `most`. Both are at most `most`, which is below 2^63 / 2.
bool add(std::optional<std::int64_t>& to, const std::optional<std::int64_t>& more,
         std::int64_t most) {
  if (more)
    to = to.value_or(0) + *more;
  return to.value_or(0) <= most;
}

bool add(std::optional<revenue>& to, const std::optional<revenue>& more) {
  constexpr auto most = revenue::max_millionths;
  if (!more)
    return true;
  const auto before = to.value_or(revenue{}).millionths;
  if (more->millionths > most - before)
    return false;
  to = revenue{before + more->millionths};
  return true;
}

bool add(row_metrics& to, const row_metrics& more) {
  return add(to.pageviews, more.pageviews, row_limits::max_count) &&
         add(to.sessions, more.sessions, row_limits::max_count) &&
         add(to.transactions, more.transactions, row_limits::max_count) &&
         add(to.purchase_revenue, more.purchase_revenue);
}

error too_large(line_number one, line_number other) {
  return {errc::bad_request, "the rows in lines " + std::to_string(one) + " and " +
                                 std::to_string(other) +
                                 " have the same date, referrer and page, and add up to more than "
                                 "a row may hold"};
}

constexpr auto comes_later = [](const auto& a, const auto& b) {
  return comes_before(b.row, a.row);
};

} // namespace

std::unique_ptr<sorted_rows> rows_of(const row_buffer& buffer) {
  return std::make_unique<buffer_rows>(buffer);
}

result<void> row_merge::pull(std::size_t part) {
  head next{{}, part};
  TRY(auto more, parts_[part]->next(next.row));
  if (more) {
    heads_.push_back(next);
    std::ranges::push_heap(heads_, comes_later);
  }
  return boost::system::in_place_value;
}

result<void> row_merge::open() {
  is_open_ = true;
  for (std::size_t part = 0; part < parts_.size(); ++part)
    if (auto pulled = pull(part); !pulled)
      return pulled;
  return boost::system::in_place_value;
}

/// Drops the top and takes the next row of its part; invalidates the dropped row's texts.
result<void> row_merge::pop() {
  ++read_;
  std::ranges::pop_heap(heads_, comes_later);
  const auto part = heads_.back().part;
  heads_.pop_back();
  return pull(part);
}

result<bool> row_merge::next(export_row& into) {
  if (!is_open_)
    CHECK(open());
  if (heads_.empty())
    return false;
  into = heads_.front().row;
  into.row.raw_referrer_value = referrer_ = into.row.raw_referrer_value;
  into.row.raw_page_value = page_ = into.row.raw_page_value;
  if (into.row.batch_id)
    into.row.batch_id = batch_id_ = *into.row.batch_id;
  for (;;) {
    CHECK(pop());
    if (heads_.empty() || !same_key(heads_.front().row.row, into.row))
      return true;
    ++added_up_;
    if (!add(into.row.metrics, heads_.front().row.row.metrics))
      return too_large(into.line, heads_.front().row.line);
  }
}

} // namespace headwater::analytics_files
