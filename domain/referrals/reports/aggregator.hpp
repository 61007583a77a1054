#pragma once

// Sums rollups up into the groups of a report. One aggregator a report, one thread.
//
//   ranges_of(query)  -> which rollups to read
//   begin_connection, only_pages for each connection; add ... for each of its rollups, all
//   connections' rollups of a shard before those of the next
//   choose()          -> the pages whose text decides what is shown, or refuses
//   name_page ... settle(): after the last shard, or after each one if groups_are_of_a_shard()
//   finish()
//
// Invariant: sums are exact, and null stays distinct from 0. Memory: that of the groups of one
// shard, and of those that the page asked for and the pages before it have, and at most max_bytes.

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/reports/report.hpp"
#include "domain/referrals/rollup_key.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

/// Rollups of one kind, from the first to the last period, both inclusive.
struct rollup_range {
  rollup_kind kind;
  std::int32_t first;
  std::int32_t last;

  bool operator==(const rollup_range&) const = default;
};

/// The rollups that cover a report, each day exactly once. A month that lies within the requested
/// days replaces its days if the report needs neither platforms nor shorter spans.
[[nodiscard]] std::vector<rollup_range> ranges_of(const report_query& query);

/// A page whose text is needed, and a connection that has it.
struct wanted_page {
  std::string_view connection_id;
  page_id page;
};

/// A page's id is the start of a hash of its text, so a client that tries enough texts can choose
/// it.
using page_set = keyed_set<page_id>;

class aggregator {
public:
  /// What a report may take.
  static constexpr std::size_t max_bytes = std::size_t{24} << 20;

  explicit aggregator(report_query query, std::size_t bytes = max_bytes);

  /// Begins a connection and returns its number. Which connections count by default (the active
  /// ones) is up to the caller.
  [[nodiscard]] std::uint32_t begin_connection(std::string_view connection_id);
  /// Restricts the report to these pages of the connections: those whose text begins as the query
  /// says.
  void only_pages(page_set pages);
  /// Adds a rollup of one of the ranges. errc::corrupt_log if it is unreadable.
  [[nodiscard]] result<void> add(std::uint32_t connection, rollup_kind kind, std::int32_t period,
                                 std::string_view block);

  /// True once the report takes more memory than it may, so nothing more needs to be added.
  [[nodiscard]] bool too_large() const { return used_bytes() > max_bytes_; }

  /// Whether each group has rollups of one shard only, so that the shard can be settled on its own.
  [[nodiscard]] bool groups_are_of_a_shard() const { return query_.by_page; }

  /// Determines which groups may be among the first of those so far, and returns the pages whose
  /// text is needed for that. errc::validation_error if too_large().
  [[nodiscard]] result<std::vector<wanted_page>> choose();
  void name_page(page_id page, std::string text);
  /// Keeps of the groups so far those that may be shown. errc::validation_error if too_large().
  [[nodiscard]] result<void> settle();

  /// The settled groups, sorted and cut to the requested page, with totals over all of them.
  [[nodiscard]] report finish() &&;

private:
  struct group_key {
    day_number date = 0;
    std::uint32_t platform = 0;
    std::uint32_t connection = 0;
    page_id page = 0;

    bool operator==(const group_key&) const = default;
    [[nodiscard]] std::array<std::uint64_t, 2> hash_words() const noexcept;
  };
  struct group_sums {
    std::array<revenue_sum, metric_count> sums{};
    std::array<bool, metric_count> known{};
    std::uint32_t connection = 0; ///< one that has the page

    void add(const rollup_cell& cell);
    void add(const group_sums& other);
  };
  using groups = boost::unordered_flat_map<group_key, group_sums, keyed_hash<group_key>>;
  using group = const groups::value_type*;

  [[nodiscard]] std::optional<std::uint32_t> number_of_platform(std::string_view platform);
  [[nodiscard]] day_number date_of(rollup_kind kind, std::int32_t period) const;
  [[nodiscard]] bool before(group a, group b, std::span<const sort_order> order) const;
  [[nodiscard]] std::strong_ordering compare(group a, group b, sort_column column) const;
  [[nodiscard]] std::size_t used_bytes() const;
  [[nodiscard]] std::size_t shown() const { return query_.offset + query_.limit; }
  void keep_chosen();
  [[nodiscard]] const std::string& name_of(page_id page) const;
  [[nodiscard]] report_row row_of(group from) const;

  report_query query_;
  std::vector<sort_order> order_; ///< the query's, then group columns: no two groups tie
  std::vector<std::string> platforms_;
  text_map<std::uint32_t> platform_numbers_; ///< index into the list of platforms
  std::vector<std::string> connections_;
  std::optional<page_set> only_;
  std::size_t max_bytes_;
  groups groups_; ///< since the last settle()
  groups kept_;   ///< those of settled shards that may be shown
  std::vector<group> chosen_;
  keyed_map<page_id, std::string> names_;
  std::size_t named_bytes_ = 0;
  std::size_t total_ = 0; ///< groups that are settled
  group_sums totals_;     ///< over them
};

/// The first day of the group that contains the day: the day itself, the Monday of its ISO week, or
/// the first of its month.
[[nodiscard]] day_number group_start(day_number day, time_grain grain);

} // namespace headwater::referrals
