#pragma once

// The sums of referral rows. A rollup is a block of cells, one for each platform and page, for one
// day or month of a connection; reports read rollups and never rows. Values, any thread.
//
// Invariants: sums are exact; a metric that was null in every row stays null; the same cells always
// give the same bytes, so rebuilt rollups can be compared byte for byte. FORMATS.md has the
// grammar.

#include "domain/core/error.hpp"
#include "domain/core/varint.hpp"
#include "domain/referrals/referral_row.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace headwater::referrals {

/// Identifies a page of a connection: the first 8 bytes of SHA-256(raw_page_value), big-endian.
/// Among a million pages two collide by chance with probability 2^-25, and are then counted as one.
using page_id = std::uint64_t;

[[nodiscard]] page_id page_id_of(std::string_view raw_page_value);

inline constexpr std::size_t metric_count = 4;
/// pageviews, sessions, transactions, purchase_revenue in millionths.
using metric_amounts = std::array<std::optional<std::int64_t>, metric_count>;

[[nodiscard]] metric_amounts amounts_of(const row_metrics& metrics);

/// The sum of a metric over the rows in which it is not null, and the number of those rows.
struct metric_sum {
  std::int64_t known = 0;
  revenue_sum sum = 0;

  bool operator==(const metric_sum&) const = default;
};

/// The sums of some rows, or a change of such sums, whose numbers may be negative.
struct rollup_cell {
  std::int64_t rows = 0;
  std::array<metric_sum, metric_count> metrics;

  /// Adds a row, or subtracts it if `sign` is -1.
  void add(const metric_amounts& row, int sign);
  void add(const rollup_cell& other);
  [[nodiscard]] bool empty() const { return *this == rollup_cell{}; }

  bool operator==(const rollup_cell&) const = default;
};

/// Writes a block. Cells must come in order of platform (by bytes) and page, with equal ones
/// already added up. Empty cells are left out.
class rollup_writer {
public:
  rollup_writer();
  void add(std::string_view platform, page_id page, const rollup_cell& cell);
  /// Whether no cell, or only empty ones, were added.
  [[nodiscard]] bool empty() const { return cells_.empty() && out_.size() == 1; }
  [[nodiscard]] std::string finish() &&;

private:
  void end_group();

  std::string out_;
  std::string cells_; ///< of the current group
  std::string platform_;
  page_id page_ = 0; ///< the last one of the current group
};

/// Reads a block cell by cell, in order.
class rollup_reader {
public:
  explicit rollup_reader(std::string_view block);

  /// Moves to the next platform and its first cell; false at the end and after a fault.
  bool next_platform();
  /// Moves to the next cell of the platform; false at its end.
  bool next_cell();

  [[nodiscard]] std::string_view platform() const { return platform_; }
  [[nodiscard]] page_id page() const { return page_; }
  [[nodiscard]] const rollup_cell& cell() const { return cell_; }
  /// errc::corrupt_log if the bytes are truncated or not a block.
  [[nodiscard]] result<void> verdict() const;

private:
  varint_reader block_;
  varint_reader group_{{}};
  std::string_view platform_;
  page_id page_ = 0;
  rollup_cell cell_;
  bool good_;
};

/// The sum of the blocks, in any order. Nothing if one of them is unreadable.
[[nodiscard]] std::optional<std::string> merge_rollups(std::span<const std::string_view> blocks);

} // namespace headwater::referrals
