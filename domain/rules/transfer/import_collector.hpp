#pragma once

// Collects the rows of an import while its document is read: each becomes a rule in its stored
// form, or faults. Used by the two readers in rule_import_reader.cpp and rule_import_csv.cpp.

#include "domain/core/keyed_hash.hpp"
#include "domain/rules/transfer/rule_import_reader.hpp"

#include <string>
#include <string_view>

namespace headwater::attribution {

template <class Rule>
class import_collector {
public:
  explicit import_collector(const import_options& options) : options_(&options) {}

  /// The next row. `body` has the members of a create request.
  void add(const draft& body, std::size_t line);
  /// A fault of the document, of its header, or of a row. The first fault of each row is always
  /// reported, the others as far as there is room.
  void report(fault what, bool is_first_of_row = false);
  /// A name that is not a field's: ignored, or a fault if the request is strict.
  void unknown(std::string_view name, std::size_t line);

  /// The document is CSV whose columns this separates.
  void separated_by(char delimiter) { out_.delimiter = delimiter; }

  [[nodiscard]] bool is_faulty() const { return out_.fault_count > 0; }

  /// errc::payload_too_large for too many rows.
  [[nodiscard]] result<import_rows<Rule>> finish() &&;

private:
  void ignore(const std::string& name);
  void take_id(const draft& body, Rule& rule, read_report& report) const;
  void check_uniqueness(const import_row<Rule>& row, read_report& report);
  /// The row is one without a fault.
  void note_normalised(const draft& body, const import_row<Rule>& row);

  const import_options* options_;
  import_rows<Rule> out_;
  std::size_t count_ = 0;
  text_map<std::size_t> lines_; // by unique text
  text_set ignored_;
};

/// The CSV reader; JSON is in rule_import_reader.cpp.
template <class Rule>
[[nodiscard]] result<void> read_csv_rows(std::string_view text, import_collector<Rule>& into);

} // namespace headwater::attribution
