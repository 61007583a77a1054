#include "domain/referrals/reports/aggregator.hpp"

#include <algorithm>
#include <chrono>
#include <compare>

namespace headwater::referrals {
namespace {

bool listed(const std::vector<std::string>& any_of, std::string_view value) {
  return any_of.empty() || std::ranges::find(any_of, value) != any_of.end();
}

std::strong_ordering compare_sums(revenue_sum a, revenue_sum b) {
  return a < b   ? std::strong_ordering::less
         : b < a ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

bool is_grouped(const report_query& query, sort_column column) {
  switch (column) {
  case sort_column::date:
    return query.grain != time_grain::none;
  case sort_column::platform:
    return query.by_platform;
  case sort_column::page:
    return query.by_page;
  case sort_column::connection:
    return query.by_connection;
  case sort_column::pageviews:
  case sort_column::sessions:
  case sort_column::transactions:
  case sort_column::purchase_revenue:
    return true;
  }
  return true;
}

/// The requested order, then the group columns, so that no two groups are equal.
std::vector<sort_order> full_order(const report_query& query) {
  auto order = query.order;
  for (auto column :
       {sort_column::date, sort_column::platform, sort_column::page, sort_column::connection})
    if (is_grouped(query, column))
      order.push_back({column, false});
  return order;
}

report_sums sums_of(const std::array<revenue_sum, metric_count>& sums,
                    const std::array<bool, metric_count>& known) {
  const auto sum = [&](std::size_t i) { return known[i] ? std::optional{sums[i]} : std::nullopt; };
  return {sum(0), sum(1), sum(2), sum(3)};
}

std::size_t index_of(sort_column metric) {
  return static_cast<std::size_t>(metric) - static_cast<std::size_t>(sort_column::pageviews);
}

} // namespace

std::vector<rollup_range> ranges_of(const report_query& query) {
  if (!query.by_page && query.page_prefix.empty())
    return {{rollup_kind::platforms_of_day, query.first_day, query.last_day}};
  const bool by_day = query.grain == time_grain::date || query.grain == time_grain::week;
  const auto first_month = month_of(query.first_day - 1) + 1;
  const auto end_month = month_of(query.last_day + 1);
  if (by_day || query.by_platform || !query.platforms.empty() || first_month >= end_month)
    return {{rollup_kind::pages_of_day, query.first_day, query.last_day}};
  std::vector<rollup_range> out;
  const auto first_whole_day = first_day_of(first_month);
  const auto first_day_after = first_day_of(end_month);
  if (query.first_day < first_whole_day)
    out.push_back({rollup_kind::pages_of_day, query.first_day, first_whole_day - 1});
  out.push_back({rollup_kind::pages_of_month, first_month, end_month - 1});
  if (first_day_after <= query.last_day)
    out.push_back({rollup_kind::pages_of_day, first_day_after, query.last_day});
  return out;
}

day_number group_start(day_number day, time_grain grain) {
  using namespace std::chrono;
  switch (grain) {
  case time_grain::none:
  case time_grain::date:
    return day;
  case time_grain::week:
    return day - static_cast<day_number>((weekday{sys_days{days{day}}} - Monday).count());
  case time_grain::month:
    return first_day_of(month_of(day));
  }
  return day;
}

std::array<std::uint64_t, 2> aggregator::group_key::hash_words() const noexcept {
  const auto small = static_cast<std::uint64_t>(static_cast<std::uint32_t>(date)) << 32 ^
                     static_cast<std::uint64_t>(connection) << 16 ^ platform;
  return {page, small};
}

void aggregator::group_sums::add(const rollup_cell& cell) {
  for (std::size_t i = 0; i < metric_count; ++i) {
    sums[i] += cell.metrics[i].sum;
    known[i] = known[i] || cell.metrics[i].known != 0;
  }
}

void aggregator::group_sums::add(const group_sums& other) {
  for (std::size_t i = 0; i < metric_count; ++i) {
    sums[i] += other.sums[i];
    known[i] = known[i] || other.known[i];
  }
}

aggregator::aggregator(report_query query, std::size_t bytes)
    : query_(std::move(query)), order_(full_order(query_)), max_bytes_(bytes) {}

std::uint32_t aggregator::begin_connection(std::string_view connection_id) {
  connections_.emplace_back(connection_id);
  return static_cast<std::uint32_t>(connections_.size() - 1);
}

void aggregator::only_pages(page_set pages) {
  if (only_)
    only_->merge(pages);
  else
    only_ = std::move(pages);
}

std::optional<std::uint32_t> aggregator::number_of_platform(std::string_view platform) {
  if (!listed(query_.platforms, platform))
    return std::nullopt;
  if (!query_.by_platform)
    return 0;
  if (const auto found = platform_numbers_.find(platform); found != platform_numbers_.end())
    return found->second;
  const auto number = static_cast<std::uint32_t>(platforms_.size());
  platform_numbers_.emplace(platform, number);
  platforms_.emplace_back(platform);
  return number;
}

day_number aggregator::date_of(rollup_kind kind, std::int32_t period) const {
  if (query_.grain == time_grain::none)
    return 0;
  return kind == rollup_kind::pages_of_month ? first_day_of(period)
                                             : group_start(period, query_.grain);
}

result<void> aggregator::add(std::uint32_t connection, rollup_kind kind, std::int32_t period,
                             std::string_view block) {
  group_key key;
  key.date = date_of(kind, period);
  key.connection = query_.by_connection ? connection : 0;
  rollup_reader from{block};
  while (from.next_platform()) {
    const auto platform = number_of_platform(from.platform());
    if (!platform)
      continue;
    key.platform = *platform;
    do {
      if (only_ && !only_->contains(from.page()))
        continue;
      if (query_.by_page)
        key.page = from.page();
      const auto [entry, fresh] = groups_.try_emplace(key);
      entry->second.add(from.cell());
      if (fresh)
        entry->second.connection = connection;
    } while (from.next_cell());
  }
  return from.verdict();
}

std::strong_ordering aggregator::compare(group a, group b, sort_column column) const {
  switch (column) {
  case sort_column::date:
    return a->first.date <=> b->first.date;
  case sort_column::platform:
    return platforms_[a->first.platform] <=> platforms_[b->first.platform];
  case sort_column::page:
    return name_of(a->first.page) <=> name_of(b->first.page);
  case sort_column::connection:
    return connections_[a->first.connection] <=> connections_[b->first.connection];
  case sort_column::pageviews:
  case sort_column::sessions:
  case sort_column::transactions:
  case sort_column::purchase_revenue:
    break;
  }
  const auto metric = index_of(column);
  // Null sorts before 0.
  if (!a->second.known[metric] || !b->second.known[metric])
    return a->second.known[metric] <=> b->second.known[metric];
  return compare_sums(a->second.sums[metric], b->second.sums[metric]);
}

bool aggregator::before(group a, group b, std::span<const sort_order> order) const {
  for (auto [column, descending] : order)
    if (const auto result = compare(a, b, column); result != 0)
      return descending ? result > 0 : result < 0;
  return false;
}

namespace {

/// Bytes of a page in a set or map of pages, with what surrounds it.
constexpr std::size_t page_bytes = 48;

error too_much() {
  return {errc::validation_error,
          {},
          {{{"query", "group_by"},
            "The report takes too much memory: ask for fewer days, columns or rows, or filter it",
            "value_error"}}};
}

} // namespace

std::size_t aggregator::used_bytes() const {
  constexpr std::size_t of_group = sizeof(groups::value_type) + sizeof(group) + 8;
  return (groups_.size() + kept_.size()) * of_group + names_.size() * page_bytes + named_bytes_ +
         (only_ ? only_->size() * page_bytes : 0);
}

void aggregator::name_page(page_id page, std::string text) {
  named_bytes_ += text.size();
  if (!too_large())
    names_.emplace(page, std::move(text));
}

result<std::vector<wanted_page>> aggregator::choose() {
  if (too_large())
    return too_much();
  chosen_.clear();
  chosen_.reserve(kept_.size() + groups_.size());
  for (const auto& each : kept_)
    chosen_.push_back(&each);
  for (const auto& each : groups_)
    chosen_.push_back(&each);
  if (!query_.by_page)
    return std::vector<wanted_page>{};
  // Names are needed only for groups that the columns before the page may put on the page asked
  // for.
  const auto page = std::ranges::find(order_, sort_column::page, &sort_order::column);
  const std::span<const sort_order> unnamed{order_.begin(), page};
  if (shown() < chosen_.size()) {
    const auto less = [&](group a, group b) { return before(a, b, unnamed); };
    const auto last = chosen_.begin() + static_cast<std::ptrdiff_t>(shown() - 1);
    std::ranges::nth_element(chosen_, last, less);
    const auto boundary = *last;
    std::erase_if(chosen_, [&](group each) { return less(boundary, each); });
  }
  std::vector<wanted_page> wanted;
  page_set seen;
  for (const auto* each : chosen_)
    if (!names_.contains(each->first.page) && seen.insert(each->first.page).second)
      wanted.push_back({connections_[each->second.connection], each->first.page});
  return wanted;
}

result<void> aggregator::settle() {
  if (too_large())
    return too_much();
  total_ += groups_.size();
  for (const auto& [key, sums] : groups_)
    totals_.add(sums);
  if (groups_are_of_a_shard())
    keep_chosen();
  return {};
}

/// Of the chosen groups, only the first can be shown; the others are forgotten, with their names.
void aggregator::keep_chosen() {
  if (shown() < chosen_.size()) {
    const auto end = chosen_.begin() + static_cast<std::ptrdiff_t>(shown());
    std::ranges::nth_element(chosen_, end,
                             [this](group a, group b) { return before(a, b, order_); });
    chosen_.erase(end, chosen_.end());
  }
  groups kept;
  keyed_map<page_id, std::string> names;
  named_bytes_ = 0;
  for (const auto* each : chosen_) {
    kept.insert(*each);
    const auto name = names_.find(each->first.page);
    if (name == names_.end())
      continue;
    named_bytes_ += name->second.size();
    names.insert(names_.extract(name));
  }
  kept_ = std::move(kept);
  names_ = std::move(names);
  groups_.clear();
  chosen_.clear();
  for (const auto& each : kept_)
    chosen_.push_back(&each);
}

const std::string& aggregator::name_of(page_id page) const {
  static const std::string unnamed;
  const auto found = names_.find(page);
  return found == names_.end() ? unnamed : found->second;
}

report_row aggregator::row_of(group from) const {
  const auto& [key, sums] = *from;
  report_row row;
  if (query_.grain != time_grain::none)
    row.date = key.date;
  if (query_.by_platform)
    row.platform = platforms_[key.platform];
  if (query_.by_page)
    row.page = name_of(key.page);
  if (query_.by_connection)
    row.connection = connections_[key.connection];
  row.sums = sums_of(sums.sums, sums.known);
  return row;
}

report aggregator::finish() && {
  report out;
  out.total = total_;
  out.totals = sums_of(totals_.sums, totals_.known);
  const auto first = std::min(query_.offset, chosen_.size());
  const auto last = std::min(shown(), chosen_.size());
  const auto end_of_page = chosen_.begin() + static_cast<std::ptrdiff_t>(last);
  std::ranges::partial_sort(chosen_, end_of_page,
                            [this](group a, group b) { return before(a, b, order_); });
  out.rows.reserve(last - first);
  for (auto at = chosen_.begin() + static_cast<std::ptrdiff_t>(first); at != end_of_page; ++at)
    out.rows.push_back(row_of(*at));
  return out;
}

} // namespace headwater::referrals
