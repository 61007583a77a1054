#pragma once

// CSV (RFC 4180): a reader that also knows the line each record starts on, and a writer for fields.
// Pure; a reader belongs to one thread.

#include "domain/core/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headwater {

/// Appends a field, quoted if it contains a comma, a quote or a line end.
void append_csv_field(std::string& out, std::string_view text);

/// Whether a spreadsheet might treat the text as a formula (OWASP, "CSV Injection"): it begins with
/// = + - @, also in full width or small (U+FF1D, U+FE66, ...), perhaps behind blanks of any kind,
/// or with TAB, CR or LF.
[[nodiscard]] bool looks_like_formula(std::string_view text);

struct csv_field {
  std::string text;
  bool is_quoted = false; ///< tells "" from an empty field
};

/// How the text to be read is laid out.
struct csv_form {
  char delimiter = ',';
  std::size_t first_line = 1;         ///< the number of the text's first line
  std::string_view name = "The body"; ///< what error messages call the text; outlives the reader
};

/// Reads UTF-8 with or without a byte order mark. Records end with CRLF, LF or CR; blank lines are
/// skipped. The text must outlive the reader.
class csv_reader {
public:
  explicit csv_reader(std::string_view text, csv_form form = {});

  /// Reads the next record into fields that are reused; false at the end. errc::bad_request names
  /// the line if the text is not CSV: a quote still open at the end, a character after a closing
  /// quote, a quote inside an unquoted field, invalid UTF-8, NUL.
  [[nodiscard]] result<bool> next(std::vector<csv_field>& record);

  /// The line on which the last record starts, from 1.
  [[nodiscard]] std::size_t line() const { return record_line_; }

  /// The text after the last record, and the line it starts on.
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] std::size_t next_line() const { return line_; }

private:
  [[nodiscard]] result<void> read_field(csv_field& into);
  [[nodiscard]] result<void> read_quoted(std::string& into);
  [[nodiscard]] error malformed(std::string_view why) const;
  [[nodiscard]] bool at_line_end() const;
  void skip_line_end();

  std::string_view rest_;
  std::string_view name_;
  std::string plain_end_; ///< what ends an unquoted field
  std::size_t line_;
  std::size_t record_line_;
};

} // namespace headwater
