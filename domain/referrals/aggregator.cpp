#include "domain/referrals/aggregator.hpp"

#include <algorithm>
#include <chrono>
#include <compare>

namespace headwater::referrals {
namespace {

template <class Value>
void add_to(std::optional<revenue_sum>& sum, const std::optional<Value>& value) {
  if (!value)
    return;
  revenue_sum amount = 0;
  if constexpr (std::is_same_v<Value, revenue>)
    amount = value->millionths;
  else
    amount = *value;
  sum = sum.value_or(0) + amount;
}

void add_to(report_sums& sums, const row_metrics& metrics) {
  add_to(sums.pageviews, metrics.pageviews);
  add_to(sums.sessions, metrics.sessions);
  add_to(sums.transactions, metrics.transactions);
  add_to(sums.purchase_revenue, metrics.purchase_revenue);
}

bool listed(const std::vector<std::string>& any_of, std::string_view value) {
  return any_of.empty() || std::find(any_of.begin(), any_of.end(), value) != any_of.end();
}

std::strong_ordering compare(const std::optional<revenue_sum>& a,
                             const std::optional<revenue_sum>& b) {
  // Null sorts before 0.
  if (!a || !b)
    return a.has_value() <=> b.has_value();
  return *a < *b   ? std::strong_ordering::less
         : *b < *a ? std::strong_ordering::greater
                   : std::strong_ordering::equal;
}

std::strong_ordering compare(const report_row& a, const report_row& b, sort_column column) {
  switch (column) {
  case sort_column::date:
    return a.date <=> b.date;
  case sort_column::platform:
    return a.platform <=> b.platform;
  case sort_column::page:
    return a.page <=> b.page;
  case sort_column::connection:
    return a.connection <=> b.connection;
  case sort_column::pageviews:
    return compare(a.sums.pageviews, b.sums.pageviews);
  case sort_column::sessions:
    return compare(a.sums.sessions, b.sums.sessions);
  case sort_column::transactions:
    return compare(a.sums.transactions, b.sums.transactions);
  case sort_column::purchase_revenue:
    return compare(a.sums.purchase_revenue, b.sums.purchase_revenue);
  }
  return std::strong_ordering::equal;
}

/// The order asked for; then the group columns, which no two groups share.
bool before(const report_row& a, const report_row& b, const std::vector<sort_order>& order) {
  for (auto [column, descending] : order) {
    auto result = compare(a, b, column);
    if (result != 0)
      return descending ? result > 0 : result < 0;
  }
  for (auto column :
       {sort_column::date, sort_column::platform, sort_column::page, sort_column::connection}) {
    auto result = compare(a, b, column);
    if (result != 0)
      return result < 0;
  }
  return false;
}

} // namespace

day_number group_start(day_number day, time_grain grain) {
  using namespace std::chrono;
  sys_days date{days{day}};
  switch (grain) {
  case time_grain::none:
  case time_grain::date:
    return day;
  case time_grain::week:
    return day - static_cast<day_number>((weekday{date} - Monday).count());
  case time_grain::month: {
    year_month_day parts{date};
    return static_cast<day_number>(
        sys_days{parts.year() / parts.month() / 1}.time_since_epoch().count());
  }
  }
  return day;
}

bool aggregator::takes(const platform_row& row, std::string_view connection_id) const {
  return row.row.date >= query_.first_day && row.row.date <= query_.last_day &&
         listed(query_.platforms, row.platform) && listed(query_.connections, connection_id) &&
         row.row.raw_page_value.starts_with(query_.page_prefix);
}

void aggregator::group_key(const platform_row& row, std::string_view connection_id) {
  // No text of a row holds a NUL, so the parts cannot run into each other.
  key_.clear();
  if (query_.grain != time_grain::none)
    key_ += std::to_string(group_start(row.row.date, query_.grain));
  key_ += '\0';
  if (query_.by_platform)
    key_ += row.platform;
  key_ += '\0';
  if (query_.by_page)
    key_ += row.row.raw_page_value;
  key_ += '\0';
  if (query_.by_connection)
    key_ += connection_id;
}

void aggregator::add(const platform_row& row, std::string_view connection_id) {
  if (!takes(row, connection_id))
    return;
  group_key(row, connection_id);
  auto [entry, fresh] = groups_.try_emplace(key_);
  auto& group = entry->second;
  if (fresh) {
    if (query_.grain != time_grain::none)
      group.date = group_start(row.row.date, query_.grain);
    if (query_.by_platform)
      group.platform = row.platform;
    if (query_.by_page)
      group.page = row.row.raw_page_value;
    if (query_.by_connection)
      group.connection = connection_id;
  }
  add_to(group.sums, row.row.metrics);
  add_to(totals_, row.row.metrics);
}

report aggregator::finish() && {
  report out;
  out.total = groups_.size();
  out.totals = totals_;
  out.rows.reserve(groups_.size());
  for (auto& [key, group] : groups_)
    out.rows.push_back(std::move(group));
  std::sort(out.rows.begin(), out.rows.end(), [this](const report_row& a, const report_row& b) {
    return before(a, b, query_.order);
  });
  auto skipped = std::min(query_.offset, out.rows.size());
  out.rows.erase(out.rows.begin(), out.rows.begin() + static_cast<std::ptrdiff_t>(skipped));
  out.rows.resize(std::min(query_.limit, out.rows.size()));
  return out;
}

} // namespace headwater::referrals
