#include "domain/analytics_files/ndjson_lines.hpp"

#include "domain/json/json_reader.hpp"
#include "domain/json/json_value.hpp"

#include <algorithm>
#include <deque>

namespace headwater::analytics_files {
namespace {

/// The members of one line as cells.
class line_cells {
public:
  line_cells(const column_names& columns, record_sink& sink) : columns_(columns), sink_(sink) {}

  /// False if the line was a fault, which has been reported.
  bool fill(line_number line, const draft& members) {
    for (const auto& member : members.members) {
      bool is_told = false;
      const auto field = columns_.field_of(member.name, &is_told);
      if (field == row_field::unknown)
        leave_out(member.name, is_told);
      else if (!add(line, member, field, is_told))
        return false;
    }
    for (const auto& [name, metric] : dropped_)
      if (names_[static_cast<std::size_t>(metric)].empty())
        sink_.emptied({std::string(name), metric});
    return true;
  }

  [[nodiscard]] const row_cells& cells() const { return cells_; }
  [[nodiscard]] std::string_view name_of(row_field field) const {
    const auto name = names_[static_cast<std::size_t>(field)];
    return name.empty() ? to_string(field) : name;
  }

private:
  void leave_out(std::string_view name, bool is_told) {
    sink_.left_out(name);
    const auto metric = is_told ? column_names::known_metric(name) : row_field::unknown;
    if (metric != row_field::unknown)
      dropped_.emplace_back(name, metric);
  }

  /// A member named by --map wins over one with a known name.
  bool add(line_number line, const draft::member& member, row_field field, bool is_told) {
    const auto at = static_cast<std::size_t>(field);
    if (!names_[at].empty() && told_[at] == is_told) {
      sink_.bad_record(line, member.name,
                       "'" + std::string(names_[at]) + "' is " + std::string(to_string(field)) +
                           " too; choose with --map");
      return false;
    }
    if (!names_[at].empty() && told_[at])
      return true;
    names_[at] = member.name;
    told_[at] = is_told;
    cells_[at].reset();
    if (std::holds_alternative<json_null>(member.value))
      return true;
    if (const auto* text = std::get_if<std::string>(&member.value))
      cells_[at] = cell{*text};
    else if (const auto* integer = std::get_if<std::int64_t>(&member.value))
      cells_[at] = cell{kept_.emplace_back(std::to_string(*integer)), true};
    else if (const auto* number = std::get_if<json_number>(&member.value))
      cells_[at] = cell{number->text, true};
    else
      sink_.bad_record(line, member.name, "is neither a text nor a number");
    return cells_[at].has_value();
  }

  const column_names& columns_;
  record_sink& sink_;
  row_cells cells_;
  std::array<std::string_view, 8> names_{};
  std::array<bool, 8> told_{};
  std::deque<std::string> kept_;
  std::vector<std::pair<std::string_view, row_field>> dropped_; ///< metrics that a rule leaves out
};

result<void> read_line(std::string_view text, line_number line, const column_names& columns,
                       record_sink& sink) {
  const auto members = parse_draft(text);
  if (!members || !members->faults.empty()) {
    const auto why = members ? members->faults.front().message : members.error().message;
    auto column = members ? to_string(members->faults.front().at) : std::string{};
    column.erase(0, column.starts_with("body.") ? 5 : column.size());
    sink.bad_record(line, std::move(column), why);
    return boost::system::in_place_value;
  }
  line_cells found(columns, sink);
  if (!found.fill(line, *members))
    return boost::system::in_place_value;
  return sink.take(line, found.cells(), [&](row_field field) { return found.name_of(field); });
}

} // namespace

result<void> read_ndjson(const column_names& columns, text_window& window, record_sink& sink) {
  for (line_number line = 1;; ++line) {
    if (auto filled = window.fill(); !filled)
      return filled;
    auto text = window.text();
    if (text.empty())
      return boost::system::in_place_value;
    const auto end = text.find('\n');
    if (end == text.npos && !window.at_end())
      return error(errc::bad_request,
                   "has a line of more than 1 MiB: line " + std::to_string(line));
    text = without_json_blanks(text.substr(0, end));
    if (text.starts_with("\xEF\xBB\xBF"))
      text.remove_prefix(3);
    if (!text.empty())
      if (auto done = read_line(text, line, columns, sink); !done)
        return done;
    window.drop(std::min(end, window.text().size() - 1) + 1);
    sink.at(window.dropped());
  }
}

} // namespace headwater::analytics_files
