#pragma once

// Reads an export from its bytes to rows, record by record, in memory that does not grow with it.
// No I/O of its own; belongs to one thread.

#include "domain/analytics_files/columns.hpp"
#include "domain/analytics_files/format.hpp"
#include "domain/analytics_files/row_from_record.hpp"
#include "domain/analytics_files/text_window.hpp"

#include <functional>
#include <set>
#include <string>

namespace headwater::analytics_files {

struct export_settings {
  std::string format;    ///< csv or ndjson; empty: as format_of() finds
  std::string file_name; ///< for format_of()
  column_names columns;
  date_reader dates;
  decimal_mark mark = decimal_mark::point;
};

/// Who is told of what is read.
struct export_listener {
  /// The texts live for the call only. An error ends the reading.
  std::function<result<void>(const export_row&)> row;
  std::function<void(export_fault)> fault;
  /// Bytes read so far, now and then.
  std::function<void(std::uint64_t)> progress;
};

/// What was in the file beside its rows.
struct export_tally {
  export_format format = export_format::csv;
  std::uint64_t rows = 0;      ///< with bad ones
  std::uint64_t bad_rows = 0;  ///< with one fault or more
  std::uint64_t bad_lines = 0; ///< that these take; a quoted text may have several
  std::uint64_t total_rows = 0;
  line_number first_total = 0;      ///< the line of the first of them
  std::uint64_t other_lines = 0;    ///< of other tables in the file
  std::set<emptied_metric> emptied; ///< what --map leaves rows without
  std::set<std::string> left_out;   ///< columns that no field is made of, the first 100
};

/// Reads all of it. CSV may be cut by commas, tabs or semicolons; lines that begin with `#` and
/// what stands before the first header are passed over, and a header may come again. Rows of totals
/// ("Grand total", or no date, referrer and page) are left out and counted. A bad record is a fault
/// and reading goes on behind it. errc::bad_request, for a person, where the file as a whole is
/// none; whatever the source and the listener fail with.
[[nodiscard]] result<export_tally> read_export(const export_settings& settings, byte_source source,
                                               const export_listener& listener);

} // namespace headwater::analytics_files
