#pragma once

// Collects what rows change in the rollups: those of one push, or all rows when the rollups are
// rebuilt. One thread. Does not keep the rows' texts.

#include "domain/core/keyed_hash.hpp"
#include "domain/referrals/referral_row.hpp"
#include "domain/referrals/rollup_key.hpp"
#include "domain/referrals/row_block.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::referrals {

class rollup_changes {
public:
  explicit rollup_changes(std::string_view connection_id) : connection_id_(connection_id) {}

  void add(day_number day, const stored_row& row) { take(day, row, 1); }
  /// For a row that is replaced: takes away what it counted until now.
  void subtract(day_number day, const stored_row& row) { take(day, row, -1); }

  [[nodiscard]] std::size_t size() const { return changes_.size(); }
  /// One block for each key that changes; then starts over. Changes that cancel out are left out.
  [[nodiscard]] std::vector<block_write> writes();

private:
  struct change {
    day_number day;
    std::int16_t sign;
    std::uint16_t platform; ///< index into platforms_
    page_id page;
    metric_amounts amounts;
  };
  /// Where a change counts: period, shard and platform packed into one number, which sorts in that
  /// order.
  struct place {
    std::uint64_t group;
    page_id page;
    const change* of;
  };

  void take(day_number day, const stored_row& row, int sign);
  [[nodiscard]] std::uint16_t number_of(std::string_view platform);
  void sort_platforms();
  void write_kind(rollup_kind kind, std::vector<block_write>& out) const;
  void write_count(std::vector<block_write>& out) const;
  [[nodiscard]] std::vector<place> places(rollup_kind kind) const;

  std::string connection_id_;
  std::vector<std::string> platforms_;
  text_map<std::uint16_t> platform_numbers_; ///< index into platforms_
  std::vector<change> changes_;
};

} // namespace headwater::referrals
