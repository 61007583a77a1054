// Implements to_json() and to_csv() of report.hpp.

#include "domain/core/csv.hpp"
#include "domain/json/json_writer.hpp"
#include "domain/referrals/reports/report.hpp"

#include <array>

namespace headwater::referrals {
namespace {

std::string_view grain_name(time_grain grain) {
  switch (grain) {
  case time_grain::none:
    return "";
  case time_grain::date:
    return "date";
  case time_grain::week:
    return "week";
  case time_grain::month:
    return "month";
  }
  return "";
}

/// One column of a report: its name and a row's value.
struct text_column {
  std::string_view name;
  std::string value;
};

std::vector<text_column> group_columns(const report_row& row, const report_query& query) {
  std::vector<text_column> columns;
  if (query.grain != time_grain::none)
    columns.push_back({grain_name(query.grain), row.date ? to_date_string(*row.date) : ""});
  if (query.by_platform)
    columns.push_back({"platform", row.platform.value_or("")});
  if (query.by_page)
    columns.push_back({"page", row.page.value_or("")});
  if (query.by_connection)
    columns.push_back({"connection", row.connection.value_or("")});
  return columns;
}

/// The name of a metric and its sum as a decimal, nothing for null.
struct metric_column {
  std::string_view name;
  std::optional<std::string> value;
};

std::array<metric_column, 4> metric_columns(const report_sums& sums) {
  auto count = [](const std::optional<revenue_sum>& sum) {
    return sum ? std::optional{to_decimal(*sum * revenue::scale)} : std::nullopt;
  };
  auto money = [](const std::optional<revenue_sum>& sum) {
    return sum ? std::optional{to_decimal(*sum)} : std::nullopt;
  };
  return {{{"pageviews", count(sums.pageviews)},
           {"sessions", count(sums.sessions)},
           {"transactions", count(sums.transactions)},
           {"purchase_revenue", money(sums.purchase_revenue)}}};
}

void write_metrics(json_writer& out, const report_sums& sums) {
  for (const auto& column : metric_columns(sums))
    out.key(column.name).raw(column.value ? *column.value : "null");
}

/// A text that a spreadsheet might treat as a formula gets an apostrophe in front: pages and
/// referrers are whatever a visitor's browser has sent (OWASP, "CSV Injection").
void append_field(std::string& line, std::string_view raw) {
  append_csv_field(line, (looks_like_formula(raw) ? "'" : "") + std::string{raw});
}

error too_long() {
  error out{errc::validation_error, "The answer is too long"};
  out.faults.push_back({{"query", "limit"},
                        "The rows have more than 8 MiB of text; ask for fewer at a time",
                        "value_error"});
  return out;
}

} // namespace

result<std::string> to_json(const report& value, const report_query& query) {
  json_writer out;
  out.begin_object().key("rows").begin_array();
  for (const auto& row : value.rows) {
    if (out.view().size() > max_report_bytes)
      return too_long();
    out.begin_object();
    for (const auto& column : group_columns(row, query))
      out.key(column.name).string(column.value);
    write_metrics(out, row.sums);
    out.end_object();
  }
  out.end_array().key("totals").begin_object();
  write_metrics(out, value.totals);
  out.end_object().member("total", static_cast<std::int64_t>(value.total)).end_object();
  return std::move(out).str();
}

result<std::string> to_csv(const report& value, const report_query& query) {
  std::string out;
  auto append = [&out](bool& first, std::string_view field) {
    if (!first)
      out += ',';
    first = false;
    append_field(out, field);
  };
  bool first = true;
  for (const auto& column : group_columns({}, query))
    append(first, column.name);
  for (const auto& column : metric_columns({}))
    append(first, column.name);
  out += "\r\n";
  for (const auto& row : value.rows) {
    if (out.size() > max_report_bytes)
      return too_long();
    first = true;
    for (const auto& column : group_columns(row, query))
      append(first, column.value);
    for (const auto& column : metric_columns(row.sums))
      append(first, column.value.value_or(""));
    out += "\r\n";
  }
  return out;
}

} // namespace headwater::referrals
