#include "domain/analytics_files/csv_table.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>

namespace headwater::analytics_files {
namespace {

constexpr std::array delimiters = {',', '\t', ';'};
constexpr std::array dimensions = {row_field::date, row_field::raw_referrer_value,
                                   row_field::raw_page_value};

bool names_totals(std::string_view text) {
  const auto word = ascii_lower(trimmed(text));
  return word == "grand total" || word == "totals" || word == "total";
}

} // namespace

result<void> csv_table::read() {
  for (;;) {
    if (auto filled = window_.fill(); !filled)
      return filled;
    if (window_.text().empty())
      break;
    sink_.at(window_.dropped());
    if (auto done = step(); !done)
      return done;
  }
  if (!plan_)
    return no_header_;
  return boost::system::in_place_value;
}

result<void> csv_table::step() {
  if (skip_blank_or_comment())
    return boost::system::in_place_value;
  if (!in_table_)
    return seek_header();
  auto parsed = parse(delimiter_);
  if (!parsed) {
    sink_.bad_record(line_, {}, parsed.error().message);
    drop_line();
    return boost::system::in_place_value;
  }
  result<void> done{boost::system::in_place_value};
  if (sink_.maker().is_day(text_of(row_field::date)) || !is_aside())
    done = row();
  drop_record();
  return done;
}

/// A comment ends a table: another one follows. Below a header, "#" alone may begin a value.
bool csv_table::skip_blank_or_comment() {
  auto text = window_.text();
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  const auto line = text.substr(0, text.find_first_of("\r\n"));
  const bool is_comment = line.starts_with(in_table_ ? "# " : "#");
  if (!is_comment && !trimmed(line).empty())
    return false;
  // A line of only tabs or spaces is a blank record, which row() leaves out.
  if (!is_comment && !line.empty() && in_table_)
    return false;
  in_table_ = in_table_ && !is_comment;
  drop_line();
  return true;
}

/// Parses the record at the window's start; false if there is none.
result<bool> csv_table::parse(char delimiter) {
  csv_reader reader(window_.text(), {delimiter, line_, "The record"});
  auto more = reader.next(record_);
  if (!more)
    return more.error();
  record_size_ = window_.text().size() - reader.rest().size();
  record_lines_ = reader.next_line() - line_;
  if (record_size_ >= text_window::reach)
    return error(errc::bad_request, "The record is longer than 1 MiB; is a quote never closed?");
  return more;
}

/// Takes the record as a header if it is one, with any delimiter.
result<void> csv_table::seek_header() {
  constexpr std::uint64_t patience = 10'000;
  for (const auto delimiter : delimiters) {
    if (!parse(delimiter))
      continue;
    auto plan = columns_.plan(texts());
    if (plan) {
      delimiter_ = delimiter;
      adopt(std::move(*plan));
      drop_record();
      return boost::system::in_place_value;
    }
    const auto found = columns_.required_among(texts());
    if (found == static_cast<int>(dimensions.size()))
      return plan.error();
    if (found > best_) {
      best_ = found;
      no_header_ = plan.error();
    }
  }
  drop_line();
  if (++sink_.tally().other_lines > patience && !plan_)
    return no_header_;
  return boost::system::in_place_value;
}

void csv_table::adopt(column_plan plan) {
  for (std::size_t i = 0; i < plan.fields.size(); ++i)
    if (plan.fields[i] == row_field::unknown && !trimmed(plan.names[i]).empty())
      sink_.left_out(plan.names[i]);
  for (const auto& metric : plan.emptied)
    sink_.emptied(metric);
  plan_ = std::move(plan);
  in_table_ = true;
}

/// Whether a record without a day is not a row: blank, another header (from concatenated files), or
/// totals.
bool csv_table::is_aside() {
  if (is_blank())
    return true;
  auto names = texts();
  if (columns_.required_among(names) == static_cast<int>(dimensions.size()))
    if (auto plan = columns_.plan(std::move(names))) {
      adopt(std::move(*plan));
      return true;
    }
  if (!is_total())
    return false;
  auto& tally = sink_.tally();
  if (tally.total_rows++ == 0)
    tally.first_total = line_;
  return true;
}

result<void> csv_table::row() {
  const auto columns = plan_->fields.size();
  const auto is_empty = [](const csv_field& each) { return each.text.empty(); };
  const auto extra =
      record_.begin() + static_cast<std::ptrdiff_t>(std::min(columns, record_.size()));
  if (record_.size() < columns || !std::all_of(extra, record_.end(), is_empty)) {
    sink_.bad_record(line_, {},
                     "The record has " + std::to_string(record_.size()) +
                         " columns and the header " + std::to_string(columns),
                     lines_of_record());
    return boost::system::in_place_value;
  }
  return sink_.take(
      line_, cells(), [&](row_field field) { return plan_->name_of(field); }, lines_of_record());
}

/// The last record of a file may lack a line end.
std::uint64_t csv_table::lines_of_record() const {
  const auto read = window_.text().substr(0, record_size_);
  return record_lines_ + (read.ends_with('\n') || read.ends_with('\r') ? 0 : 1);
}

bool csv_table::is_blank() const {
  return std::ranges::all_of(record_,
                             [](const csv_field& each) { return trimmed(each.text).empty(); });
}

bool csv_table::is_total() const {
  return std::ranges::any_of(record_,
                             [](const csv_field& each) { return names_totals(each.text); }) ||
         std::ranges::all_of(dimensions,
                             [&](row_field field) { return trimmed(text_of(field)).empty(); });
}

std::string_view csv_table::text_of(row_field field) const {
  for (std::size_t i = 0; i < plan_->fields.size() && i < record_.size(); ++i)
    if (plan_->fields[i] == field)
      return record_[i].text;
  return {};
}

row_cells csv_table::cells() const {
  row_cells out;
  for (std::size_t i = 0; i < plan_->fields.size(); ++i)
    if (const auto field = plan_->fields[i]; field != row_field::unknown)
      out[static_cast<std::size_t>(field)] = cell{record_[i].text};
  return out;
}

std::vector<std::string> csv_table::texts() const {
  std::vector<std::string> out;
  out.reserve(record_.size());
  for (const auto& each : record_)
    out.emplace_back(trimmed(each.text));
  return out;
}

void csv_table::drop_record() {
  window_.drop(record_size_);
  line_ += record_lines_;
}

void csv_table::drop_line() {
  const auto text = window_.text();
  const auto end = text.find_first_of("\r\n");
  window_.drop(end == text.npos ? text.size()
                                : end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
  line_ += end == text.npos ? 0 : 1;
}

} // namespace headwater::analytics_files
