#pragma once

// What the readers of both formats share: cells in, rows or faults out, with counts. Owned by one
// read_export() call.

#include "domain/analytics_files/export_reader.hpp"

namespace headwater::analytics_files {

class record_sink {
public:
  record_sink(const export_settings& settings, const export_listener& listener, export_tally& tally)
      : maker_(settings.dates, settings.mark), listener_(listener), tally_(tally) {}

  /// `name_of` returns the column of a field, for faults; `lines` is how many the record has.
  template <class NameOf>
  [[nodiscard]] result<void> take(line_number line, const row_cells& cells, NameOf&& name_of,
                                  std::uint64_t lines = 1) {
    export_row out{line, {}};
    faults_.clear();
    if (maker_.make(cells, out.row, faults_)) {
      ++tally_.rows;
      return listener_.row(out);
    }
    faults_.front().reason += extent(line, lines, "; the record");
    for (auto& each : faults_)
      listener_.fault({line, std::string(name_of(each.field)), std::move(each.reason)});
    count_bad(lines);
    return boost::system::in_place_value;
  }

  void bad_record(line_number line, std::string column, std::string reason,
                  std::uint64_t lines = 1) {
    reason += extent(line, lines, "; it");
    listener_.fault({line, std::move(column), std::move(reason)});
    count_bad(lines);
  }

  void left_out(std::string_view column) {
    constexpr std::size_t most = 100;
    if (tally_.left_out.size() < most)
      tally_.left_out.emplace(column);
  }

  void emptied(emptied_metric metric) { tally_.emptied.insert(std::move(metric)); }

  /// Called for each record; reports progress to the listener from time to time.
  void at(std::uint64_t byte) {
    constexpr std::uint64_t step = 1 << 18;
    if (byte < told_ + step)
      return;
    told_ = byte;
    if (listener_.progress)
      listener_.progress(byte);
  }

  [[nodiscard]] export_tally& tally() { return tally_; }
  [[nodiscard]] const row_from_record& maker() const { return maker_; }

private:
  void count_bad(std::uint64_t lines) {
    ++tally_.rows;
    ++tally_.bad_rows;
    tally_.bad_lines += lines;
  }

  /// A stray quote that a later one closes swallows good lines into a bad record, which must not go
  /// unnoticed.
  static std::string extent(line_number line, std::uint64_t lines, std::string_view record) {
    if (lines <= 1)
      return {};
    return std::string(record) + " takes " + std::to_string(lines) + " lines, up to line " +
           std::to_string(line + lines - 1) + "; is a quote not closed?";
  }

  row_from_record maker_;
  const export_listener& listener_;
  export_tally& tally_;
  std::vector<field_fault> faults_;
  std::uint64_t told_ = 0;
};

} // namespace headwater::analytics_files
