#pragma once

// Turns the cells of one record of an export into a row that the API accepts, or says why not.
// Pure; each instance belongs to one thread.

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
  line_number line = 0; ///< where it starts
  referrals::referral_row row;
};

/// What is wrong with a record; `column` is empty if it concerns the whole record.
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

/// By field; nothing if the record has no such cell, or null.
using row_cells = std::array<std::optional<cell>, 8>;

struct field_fault {
  row_field field;
  std::string reason;
};

class row_from_record {
public:
  row_from_record(date_reader dates, decimal_mark mark) : dates_(std::move(dates)), mark_(mark) {}

  /// Makes the row, whose texts point into the cells, or appends all faults. An empty referrer or
  /// page becomes "(not set)", GA4's name for an empty dimension; an empty figure becomes null.
  [[nodiscard]] bool make(const row_cells& cells, referrals::referral_row& out,
                          std::vector<field_fault>& faults) const;

  [[nodiscard]] bool is_day(std::string_view text) const { return dates_.read(text).has_value(); }

private:
  const date_reader dates_;
  const decimal_mark mark_;
};

} // namespace headwater::analytics_files
