#pragma once

// The tables of a CSV export: finds headers and reads the rows below them. Owned by one
// read_export() call.

#include "domain/analytics_files/record_sink.hpp"
#include "domain/core/csv.hpp"

#include <optional>
#include <string>
#include <vector>

namespace headwater::analytics_files {

class csv_table {
public:
  csv_table(const column_names& columns, text_window& window, record_sink& sink)
      : columns_(columns), window_(window), sink_(sink) {}

  /// Reads to the end of the window's source.
  [[nodiscard]] result<void> read();

private:
  [[nodiscard]] result<void> step();
  [[nodiscard]] bool skip_blank_or_comment();
  [[nodiscard]] result<bool> parse(char delimiter);
  [[nodiscard]] result<void> seek_header();
  [[nodiscard]] bool is_aside();
  void adopt(column_plan plan);
  [[nodiscard]] result<void> row();
  [[nodiscard]] bool is_blank() const;
  [[nodiscard]] bool is_total() const;
  [[nodiscard]] std::string_view text_of(row_field field) const;
  [[nodiscard]] row_cells cells() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  [[nodiscard]] std::uint64_t lines_of_record() const;
  void drop_record();
  void drop_line();

  const column_names& columns_;
  text_window& window_;
  record_sink& sink_;
  std::optional<column_plan> plan_;
  char delimiter_ = ',';
  bool in_table_ = false;
  line_number line_ = 1; ///< the number of the first line in the window

  std::vector<csv_field> record_;
  std::size_t record_size_ = 0; ///< in bytes
  std::size_t record_lines_ = 0;

  int best_ = -1; ///< the score of the best candidate for a header
  error no_header_ = {errc::bad_request, "has no rows"}; ///< what was wrong with that candidate
};

} // namespace headwater::analytics_files
