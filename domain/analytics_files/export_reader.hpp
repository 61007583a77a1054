#pragma once

// Turns the bytes of an export into rows, record by record, in memory that does not grow with its
// length. No I/O of its own; belongs to one thread.

#include "domain/analytics_files/columns.hpp"
#include "domain/analytics_files/format.hpp"
#include "domain/analytics_files/row_from_record.hpp"
#include "domain/analytics_files/text_window.hpp"

#include <functional>
#include <set>
#include <string>

namespace headwater::analytics_files {

struct export_settings {
  std::string format;    ///< csv or ndjson; empty: let format_of() decide
  std::string file_name; ///< for format_of()
  column_names columns;
  date_reader dates;
  decimal_mark mark = decimal_mark::point;
};

/// The callbacks during reading.
struct export_listener {
  /// The texts live for the call only. An error stops the reading.
  std::function<result<void>(const export_row&)> row;
  std::function<void(export_fault)> fault;
  /// Bytes read so far, called from time to time.
  std::function<void(std::uint64_t)> progress;
};

/// What the file contained besides good rows.
struct export_tally {
  export_format format = export_format::csv;
  std::uint64_t rows = 0;      ///< including bad ones
  std::uint64_t bad_rows = 0;  ///< with at least one fault
  std::uint64_t bad_lines = 0; ///< the lines of those rows; a quoted text may span several
  std::uint64_t total_rows = 0;
  line_number first_total = 0;      ///< the line of the first row of totals
  std::uint64_t other_lines = 0;    ///< lines of other tables in the file
  std::set<emptied_metric> emptied; ///< metrics that rows lack because of --map
  std::set<std::string> left_out;   ///< columns that are not used for any field, the first 100
};

/// Reads the whole export. CSV may be separated by commas, tabs or semicolons; lines that begin
/// with `#` and everything before the first header are skipped, and a header may occur again. Rows
/// of totals ("Grand total", or without date, referrer and page) are left out and counted. A bad
/// record is a fault, and reading goes on after it. errc::bad_request, in words for a person, if
/// the file as a whole is not an export; also any error of the source or the listener.
[[nodiscard]] result<export_tally> read_export(const export_settings& settings, byte_source source,
                                               const export_listener& listener);

} // namespace headwater::analytics_files
