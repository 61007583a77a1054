#pragma once

// From the cells of one record of an export to a row that the API takes, or why not. Pure; one of
// these belongs to one thread.

#include "domain/analytics_files/dates.hpp"
#include "domain/analytics_files/figures.hpp"
#include "domain/referrals/row_builder.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

using referrals::row_field;

using line_number = std::uint64_t; ///< from 1

struct export_row {
  line_number line = 0; ///< on which it starts
  referrals::referral_row row;
};

/// What is wrong with a record; `column` is empty where it is the record.
struct export_fault {
  line_number line = 0;
  std::string column;
  std::string reason;

  bool operator==(const export_fault&) const = default;
};

struct cell {
  std::string_view text;
  bool is_json_number = false; ///< else text, whose figures are read with the decimal mark
};

/// By field; nothing where the record has no such cell, or null.
using row_cells = std::array<std::optional<cell>, 8>;

struct field_fault {
  row_field field;
  std::string reason;
};

class row_from_record {
public:
  row_from_record(date_reader dates, decimal_mark mark) : dates_(std::move(dates)), mark_(mark) {}

  /// The row, whose texts look into the cells; else all faults, appended. A referrer or a page that
  /// is there and empty becomes "(not set)", which is what GA4 calls an empty dimension; an empty
  /// figure is null.
  [[nodiscard]] bool make(const row_cells& cells, referrals::referral_row& out,
                          std::vector<field_fault>& faults) const;

  [[nodiscard]] bool is_day(std::string_view text) const { return dates_.read(text).has_value(); }

private:
  const date_reader dates_;
  const decimal_mark mark_;
};

} // namespace headwater::analytics_files
