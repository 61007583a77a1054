// Implements read_report_query() of report.hpp.

#include "domain/core/text_rules.hpp"
#include "domain/core/ulid.hpp"
#include "domain/referrals/reports/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace headwater::referrals {
namespace {

constexpr std::array<std::pair<std::string_view, sort_column>, 8> sort_columns = {{
    {"date", sort_column::date},
    {"platform", sort_column::platform},
    {"page", sort_column::page},
    {"connection", sort_column::connection},
    {"pageviews", sort_column::pageviews},
    {"sessions", sort_column::sessions},
    {"transactions", sort_column::transactions},
    {"purchase_revenue", sort_column::purchase_revenue},
}};

class query_reader {
public:
  query_reader(std::span<const query_parameter> given, day_number today)
      : given_(given), today_(today) {}

  result<report_query> read() {
    read_days();
    read_groups();
    query_.platforms = list("platform");
    read_connections();
    query_.page_prefix = one("page_prefix").value_or("");
    read_order();
    query_.limit = number("limit", 1, report_query::max_limit, report_query::default_limit);
    query_.offset = number("offset", 0, row_count_limit, 0);
    if (!faults_.empty())
      return error{errc::validation_error, "Request validation failed", std::move(faults_)};
    return std::move(query_);
  }

private:
  static constexpr std::size_t row_count_limit = 1'000'000'000'000;

  void fault(std::string_view name, std::string msg, std::string_view type) {
    faults_.push_back({{"query", std::string{name}}, std::move(msg), std::string{type}});
  }

  /// The last value given, as is usual for repeated parameters; an empty one counts as absent.
  [[nodiscard]] std::optional<std::string> one(std::string_view name) const {
    std::optional<std::string> found;
    for (const auto& [key, value] : given_)
      if (key == name && !value.empty())
        found = value;
    return found;
  }

  /// All values given, each split at commas, without empty ones.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const {
    std::vector<std::string> found;
    for (const auto& [key, value] : given_) {
      if (key != name)
        continue;
      for (std::string_view rest = value; !rest.empty();) {
        auto comma = std::min(rest.find(','), rest.size());
        if (auto part = trim(rest.substr(0, comma)); !part.empty())
          found.emplace_back(part);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
      }
    }
    return found;
  }

  std::optional<day_number> day(std::string_view name) {
    auto text = one(name);
    if (!text)
      return std::nullopt;
    auto value = parse_date(*text);
    if (!value)
      fault(name, "Input should be a day of the calendar in the form YYYY-MM-DD", "date_parsing");
    return value;
  }

  void read_days() {
    auto first = day("start_date");
    auto last = day("end_date");
    constexpr auto span = report_query::default_days - 1;
    query_.last_day = last ? *last : std::max(today_, first.value_or(today_));
    query_.first_day = first ? *first : query_.last_day - span;
    if (!faults_.empty())
      return;
    if (query_.last_day < query_.first_day)
      fault("end_date", "end_date should not be before start_date", "value_error");
    else if (query_.last_day - query_.first_day >= report_query::max_days)
      fault("start_date",
            "A report covers at most " + std::to_string(report_query::max_days) + " days",
            "value_error");
  }

  void read_groups() {
    auto groups = list("group_by");
    if (groups.empty())
      groups = {"date"};
    for (const auto& group : groups)
      if (!read_group(group))
        fault("group_by",
              "Input should be 'date', 'week', 'month', 'platform', 'page' or 'connection'",
              "enum");
  }

  bool read_group(std::string_view group) {
    if (group == "platform")
      return query_.by_platform = true;
    if (group == "page")
      return query_.by_page = true;
    if (group == "connection")
      return query_.by_connection = true;
    auto grain = group == "date"    ? time_grain::date
                 : group == "week"  ? time_grain::week
                 : group == "month" ? time_grain::month
                                    : time_grain::none;
    if (grain == time_grain::none)
      return false;
    if (query_.grain != time_grain::none && query_.grain != grain)
      fault("group_by", "Only one of 'date', 'week' and 'month' can be grouped by", "value_error");
    query_.grain = grain;
    return true;
  }

  void read_connections() {
    for (const auto& text : list("connection")) {
      if (auto id = parse_ulid(text))
        query_.connections.push_back(*id);
      else
        fault("connection", "Input should be the id of a connection", "ulid_parsing");
    }
  }

  void read_order() {
    for (std::string_view text : list("order_by")) {
      sort_order order;
      order.descending = text.starts_with('-');
      text.remove_prefix(order.descending ? 1 : 0);
      const auto column = sort_column_named(text);
      if (!column) {
        fault("order_by",
              "Input should be a metric or a column of group_by, '-' before it to sort descending",
              "enum");
        continue;
      }
      order.column = *column;
      // Each column only once, which also bounds the cost of comparing two rows.
      if (std::ranges::count(query_.order, order.column, &sort_order::column) > 0)
        return fault("order_by", "A column should be given once", "value_error");
      query_.order.push_back(order);
    }
  }

  /// A column that the report will have; the period may be called `date` or by its name in the
  /// answer.
  [[nodiscard]] std::optional<sort_column> sort_column_named(std::string_view text) const {
    const bool is_period = (text == "week" && query_.grain == time_grain::week) ||
                           (text == "month" && query_.grain == time_grain::month);
    const auto found = std::ranges::find(sort_columns, is_period ? "date" : text,
                                         &decltype(sort_columns)::value_type::first);
    if (found == sort_columns.end() || !grouped(found->second))
      return std::nullopt;
    return found->second;
  }

  /// True for metrics and for columns that the report will have.
  [[nodiscard]] bool grouped(sort_column column) const {
    switch (column) {
    case sort_column::date:
      return query_.grain != time_grain::none;
    case sort_column::platform:
      return query_.by_platform;
    case sort_column::page:
      return query_.by_page;
    case sort_column::connection:
      return query_.by_connection;
    case sort_column::pageviews:
    case sort_column::sessions:
    case sort_column::transactions:
    case sort_column::purchase_revenue:
      return true;
    }
    return false;
  }

  std::size_t number(std::string_view name, std::size_t least, std::size_t most,
                     std::size_t otherwise) {
    auto text = one(name);
    if (!text)
      return otherwise;
    std::size_t value = 0;
    auto end = text->data() + text->size();
    auto [stop, status] = std::from_chars(text->data(), end, value);
    if (status != std::errc{} || stop != end)
      fault(name, "Input should be a valid integer", "int_parsing");
    else if (value < least || value > most)
      fault(name, "Input should be from " + std::to_string(least) + " to " + std::to_string(most),
            value < least ? "greater_than_equal" : "less_than_equal");
    return value;
  }

  std::span<const query_parameter> given_;
  day_number today_;
  report_query query_;
  std::vector<headwater::fault> faults_;
};

} // namespace

result<report_query> read_report_query(std::span<const query_parameter> given, day_number today) {
  return query_reader{given, today}.read();
}

} // namespace headwater::referrals
