#pragma once

// What the readers of both formats share: cells in, rows or faults out, counted. Owned by one
// read_export() call.

#include "domain/exports/export_reader.hpp"

namespace headwater::exports {

class record_sink {
public:
  record_sink(const export_settings& settings, const export_listener& listener, export_tally& tally)
      : maker_(settings.dates, settings.mark), listener_(listener), tally_(tally) {}

  /// `name_of` gives the column of a field, for faults.
  template <class NameOf>
  [[nodiscard]] result<void> take(line_number line, const row_cells& cells, NameOf&& name_of) {
    export_row out{line, {}};
    faults_.clear();
    if (maker_.make(cells, out.row, faults_)) {
      ++tally_.rows;
      return listener_.row(out);
    }
    for (auto& each : faults_)
      listener_.fault({line, std::string(name_of(each.field)), std::move(each.reason)});
    count_bad();
    return boost::system::in_place_value;
  }

  void bad_record(line_number line, std::string column, std::string reason) {
    listener_.fault({line, std::move(column), std::move(reason)});
    count_bad();
  }

  void left_out(std::string_view column) {
    constexpr std::size_t most = 100;
    if (tally_.left_out.size() < most)
      tally_.left_out.emplace(column);
  }

  void emptied(emptied_metric metric) { tally_.emptied.insert(std::move(metric)); }

  /// Called per record; tells the listener now and then.
  void at(std::uint64_t byte) {
    constexpr std::uint64_t step = 1 << 18;
    if (byte < told_ + step)
      return;
    told_ = byte;
    if (listener_.progress)
      listener_.progress(byte);
  }

  [[nodiscard]] export_tally& tally() { return tally_; }
  [[nodiscard]] const row_maker& maker() const { return maker_; }

private:
  void count_bad() {
    ++tally_.rows;
    ++tally_.bad_rows;
  }

  row_maker maker_;
  const export_listener& listener_;
  export_tally& tally_;
  std::vector<field_fault> faults_;
  std::uint64_t told_ = 0;
};

} // namespace headwater::exports
