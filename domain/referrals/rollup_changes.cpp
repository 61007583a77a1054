#include "domain/referrals/rollup_changes.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace headwater::referrals {
namespace {

/// period, shard, platform: 32, 16 and 16 bits.
std::uint64_t group_of(std::int32_t period, std::uint8_t shard, std::uint16_t platform) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(period) ^ 0x80000000U) << 32 |
         static_cast<std::uint64_t>(shard) << 16 | platform;
}
std::int32_t period_of(std::uint64_t group) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(group >> 32) ^ 0x80000000U);
}
std::uint64_t block_of(std::uint64_t group) {
  return group >> 16;
}

} // namespace

std::uint16_t rollup_changes::number_of(std::string_view platform) {
  // Consecutive rows often have the same platform.
  if (!changes_.empty() && platforms_[changes_.back().platform] == platform)
    return changes_.back().platform;
  if (const auto found = platform_numbers_.find(platform); found != platform_numbers_.end())
    return found->second;
  const auto number = static_cast<std::uint16_t>(platforms_.size());
  platform_numbers_.emplace(platform, number);
  platforms_.emplace_back(platform);
  return number;
}

void rollup_changes::take(day_number day, const stored_row& row, int sign) {
  changes_.push_back({day, static_cast<std::int16_t>(sign), number_of(row.platform), row.page,
                      amounts_of(row.metrics)});
}

/// Renumbers platforms in the order of their bytes, which is their order in blocks.
void rollup_changes::sort_platforms() {
  std::vector<std::uint16_t> order(platforms_.size());
  std::iota(order.begin(), order.end(), std::uint16_t{0});
  std::ranges::sort(
      order, {}, [this](std::uint16_t i) -> const auto& { return platforms_[i]; });
  std::vector<std::uint16_t> rank(order.size());
  std::vector<std::string> sorted(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = static_cast<std::uint16_t>(i);
    sorted[i] = std::move(platforms_[order[i]]);
  }
  platforms_ = std::move(sorted);
  for (auto& each : changes_)
    each.platform = rank[each.platform];
}

std::vector<rollup_changes::place> rollup_changes::places(rollup_kind kind) const {
  std::vector<place> out;
  out.reserve(changes_.size());
  day_number day = 0;
  month_number month = month_of(day);
  for (const auto& each : changes_) {
    if (each.day != day) {
      day = each.day;
      month = month_of(day);
    }
    switch (kind) {
    case rollup_kind::platforms_of_day:
      out.push_back({group_of(each.day, 0, each.platform), 0, &each});
      break;
    case rollup_kind::pages_of_day:
      out.push_back({group_of(each.day, shard_of(each.page), each.platform), each.page, &each});
      break;
    case rollup_kind::pages_of_month:
      out.push_back({group_of(month, shard_of(each.page), 0), each.page, &each});
      break;
    }
  }
  std::ranges::sort(out, [](const place& a, const place& b) {
    return std::tie(a.group, a.page) < std::tie(b.group, b.page);
  });
  return out;
}

// Sorting the changes once per kind puts those of one block together and, within it, in the order
// in which rollup_writer wants cells. So n rows cost n log n, and one write for each block however
// many of its cells they change; a write for each row would be a merge in the store for each row.
void rollup_changes::write_kind(rollup_kind kind, std::vector<block_write>& out) const {
  const auto sorted = places(kind);
  for (auto at = sorted.begin(); at != sorted.end();) {
    const auto first = *at;
    rollup_writer block;
    while (at != sorted.end() && block_of(at->group) == block_of(first.group)) {
      const auto here = *at;
      rollup_cell cell;
      for (; at != sorted.end() && at->group == here.group && at->page == here.page; ++at)
        cell.add(at->of->amounts, at->of->sign);
      const auto by_platform = kind != rollup_kind::pages_of_month;
      block.add(by_platform ? std::string_view{platforms_[here.of->platform]} : std::string_view{},
                here.page, cell);
    }
    if (!block.empty())
      out.push_back({rollup_key(kind, connection_id_, period_of(first.group), shard_of(first.page)),
                     std::move(block).finish()});
  }
}

/// The number of rows grows with new ones alone: a row that is replaced is taken away and added.
void rollup_changes::write_count(std::vector<block_write>& out) const {
  rollup_cell all;
  for (const auto& each : changes_)
    all.rows += each.sign;
  rollup_writer block;
  block.add({}, 0, all);
  if (!block.empty())
    out.push_back({row_count_key(connection_id_), std::move(block).finish()});
}

std::vector<block_write> rollup_changes::writes() {
  sort_platforms();
  std::vector<block_write> out;
  for (const auto kind :
       {rollup_kind::platforms_of_day, rollup_kind::pages_of_day, rollup_kind::pages_of_month})
    write_kind(kind, out);
  write_count(out);
  changes_.clear();
  platforms_.clear();
  platform_numbers_.clear();
  return out;
}

} // namespace headwater::referrals
