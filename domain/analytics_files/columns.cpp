#include "domain/analytics_files/columns.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace headwater::analytics_files {
namespace {

using enum row_field;

struct known_name {
  std::string_view folded;
  row_field field;
};

// The API's own names, those of GA4's reports and of its Data API, and those of Adobe Analytics.
// GA4's "First user ..." dimensions are about the user's first visit, not about this one.
constexpr std::array known_names = {
    known_name{"date", date},
    known_name{"day", date},
    known_name{"rawreferrervalue", raw_referrer_value},
    known_name{"sessionsourcemedium", raw_referrer_value},
    known_name{"sessionsource", raw_referrer_value},
    known_name{"sourcemedium", raw_referrer_value},
    known_name{"source", raw_referrer_value},
    known_name{"pagereferrer", raw_referrer_value},
    known_name{"referringdomain", raw_referrer_value},
    known_name{"referrer", raw_referrer_value},
    known_name{"rawpagevalue", raw_page_value},
    known_name{"landingpage", raw_page_value},
    known_name{"landingpagequerystring", raw_page_value},
    known_name{"landingpageplusquerystring", raw_page_value},
    known_name{"pagepath", raw_page_value},
    known_name{"pagepathandscreenclass", raw_page_value},
    known_name{"pagepathquerystring", raw_page_value},
    known_name{"pagepathplusquerystring", raw_page_value},
    known_name{"pagepathquerystringandscreenclass", raw_page_value},
    known_name{"pagelocation", raw_page_value},
    known_name{"fullpageurl", raw_page_value},
    known_name{"page", raw_page_value},
    known_name{"pageurl", raw_page_value},
    known_name{"entrypage", raw_page_value},
    known_name{"pageviews", pageviews},
    known_name{"views", pageviews},
    known_name{"screenpageviews", pageviews},
    known_name{"sessions", sessions},
    known_name{"visits", sessions},
    known_name{"transactions", transactions},
    known_name{"ecommercepurchases", transactions},
    known_name{"orders", transactions},
    known_name{"purchaserevenue", purchase_revenue},
    known_name{"totalrevenue", purchase_revenue},
    known_name{"revenue", purchase_revenue},
    known_name{"batchid", batch_id},
};

constexpr std::array all_fields = {date,     raw_referrer_value, raw_page_value,   pageviews,
                                   sessions, transactions,       purchase_revenue, batch_id};
constexpr std::array required = {date, raw_referrer_value, raw_page_value};
constexpr std::array metrics = {pageviews, sessions, transactions, purchase_revenue};

std::string fold(std::string_view name) {
  auto out = ascii_lower(name);
  std::erase_if(out,
                [](char c) { return std::string_view{" \t_/+-"}.find(c) != std::string::npos; });
  return out;
}

error refusal(std::string why) {
  return {errc::bad_request, std::move(why)};
}

std::string listed(std::span<const std::string> names) {
  std::string out;
  for (const auto& name : names)
    out.append(out.empty() ? "'" : ", '").append(quoted_key(name)).append("'");
  return out;
}

/// Which of several columns with the same name this is, from 1, and how many there are.
struct among_equals {
  std::size_t number = 0, count = 0;
};

among_equals equals_of(std::span<const std::string> header, std::size_t column) {
  const auto name = fold(header[column]);
  among_equals out;
  for (std::size_t i = 0; i < header.size(); ++i)
    if (fold(header[i]) == name) {
      ++out.count;
      out.number += i <= column ? 1 : 0;
    }
  return out;
}

/// How a rule names a column: by name, plus its number if other columns have the same name.
std::string name_in_rules(std::span<const std::string> header, std::size_t column) {
  const auto [number, count] = equals_of(header, column);
  return count == 1 ? header[column] : header[column] + "#" + std::to_string(number);
}

/// Whether a rule's column is this one by name and number. If a column is called exactly that, the
/// rule means that one and no other.
bool is_numbered(std::string_view folded_rule, std::span<const std::string> header,
                 std::size_t column) {
  const auto cut = folded_rule.rfind('#');
  if (cut == folded_rule.npos || folded_rule.substr(0, cut) != fold(header[column]))
    return false;
  const auto given = folded_rule.substr(cut + 1);
  return given == std::to_string(equals_of(header, column).number) &&
         std::ranges::none_of(header, [&](const auto& name) { return fold(name) == folded_rule; });
}

/// Suggests something that works: if rules already name both columns, naming one again changes
/// nothing.
error twice(std::span<const std::string> header, std::size_t one, std::size_t other,
            row_field field, bool is_told) {
  const auto rule_of = [&](std::size_t column) { return name_in_rules(header, column); };
  const auto shown = [&](std::size_t column) {
    const auto place = " (column " + std::to_string(column + 1) + ")";
    return "'" + rule_of(column) + "'" + (equals_of(header, column).count > 1 ? place : "");
  };
  const std::string name(to_string(field));
  auto why = "the columns " + shown(one) + " and " + shown(other) + " both are " + name + "; ";
  if (!is_told)
    why += "choose with --map '" + rule_of(one) + "=" + name + "', or ";
  return refusal(why + "leave one out with --map '" + rule_of(other) + "='");
}

result<void> check_complete(const column_plan& plan) {
  const auto has = [&](row_field field) { return std::ranges::count(plan.fields, field) > 0; };
  for (const auto field : required)
    if (!has(field))
      return refusal("no column is known to be " + std::string(to_string(field)) + " among " +
                     listed(plan.names) +
                     "; name it with --map 'column=" + std::string(to_string(field)) + "'");
  if (std::ranges::none_of(metrics, has))
    return refusal("no column is known to be pageviews, sessions, transactions or "
                   "purchase_revenue among " +
                   listed(plan.names) + "; name one with --map 'column=pageviews'");
  return boost::system::in_place_value;
}

} // namespace

result<column_rule> read_column_rule(std::string_view text) {
  const auto cut = text.rfind('=');
  if (cut == text.npos || trimmed(text.substr(0, cut)).empty())
    return refusal("'" + std::string(text) + "' is not of the form column=field");
  column_rule out{std::string(trimmed(text.substr(0, cut))), unknown};
  const auto name = trimmed(text.substr(cut + 1));
  for (const auto field : all_fields)
    if (to_string(field) == name)
      out.field = field;
  if (out.field == unknown && !name.empty())
    return refusal("'" + std::string(name) +
                   "' is no field: there are date, raw_referrer_value, raw_page_value, pageviews, "
                   "sessions, transactions, purchase_revenue and batch_id");
  return out;
}

std::string_view column_plan::name_of(row_field field) const {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i] == field)
      return names[i];
  return to_string(field);
}

column_names::column_names(std::vector<column_rule> rules) {
  for (auto& rule : rules)
    rules_.push_back({fold(rule.column), std::move(rule)});
}

row_field column_names::field_of(std::string_view column, bool* is_told) const {
  const auto name = fold(column);
  const auto told = std::find_if(rules_.rbegin(), rules_.rend(),
                                 [&](const folded_rule& each) { return each.name == name; });
  if (is_told != nullptr)
    *is_told = told != rules_.rend();
  if (told != rules_.rend())
    return told->rule.field;
  const auto known = std::ranges::find(known_names, name, &known_name::folded);
  return known == known_names.end() ? unknown : known->field;
}

row_field column_names::known_metric(std::string_view column) {
  const auto field = column_names{}.field_of(column);
  return std::ranges::count(metrics, field) > 0 ? field : unknown;
}

std::vector<column_names::reading> column_names::read(std::span<const std::string> header) const {
  std::vector<reading> out(header.size());
  for (std::size_t i = 0; i < header.size(); ++i) {
    bool is_told = false;
    out[i].field = field_of(header[i], &is_told);
    out[i].by = is_told ? source::rule : source::known_name;
    for (const auto& [folded, rule] : rules_)
      if (is_numbered(folded, header, i))
        out[i] = {rule.field, source::numbered_rule};
  }
  return out;
}

result<void> column_names::check_rules(std::span<const std::string> header) const {
  for (const auto& [folded, rule] : rules_) {
    bool is_there = false;
    for (std::size_t i = 0; i < header.size() && !is_there; ++i)
      is_there = fold(header[i]) == folded || is_numbered(folded, header, i);
    if (!is_there)
      return refusal("--map names the column '" + rule.column + "', which is not among " +
                     listed(header));
  }
  return boost::system::in_place_value;
}

/// Assigns the field its one column among those from the best source, if there is one.
result<void> column_names::assign(row_field field, std::span<const reading> readings,
                                  column_plan& to) {
  for (const auto by : {source::numbered_rule, source::rule, source::known_name}) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (readings[i].field != field || readings[i].by != by)
        continue;
      if (found)
        return twice(to.names, *found, i, field, by != source::known_name);
      found = i;
    }
    if (!found)
      continue;
    to.fields[*found] = field;
    return boost::system::in_place_value;
  }
  return boost::system::in_place_value;
}

result<column_plan> column_names::plan(std::vector<std::string> header) const {
  const auto readings = read(header);
  column_plan out{std::vector<row_field>(header.size(), unknown), std::move(header)};
  // Comes first, because a rule that matches no column cannot choose between two.
  CHECK(check_rules(out.names));
  for (const auto field : all_fields)
    CHECK(assign(field, readings, out));
  CHECK(check_complete(out));
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const auto metric = known_metric(out.names[i]);
    const bool is_dropped = readings[i].by != source::known_name && readings[i].field == unknown;
    const emptied_metric one{out.names[i], metric};
    if (is_dropped && metric != unknown && std::ranges::count(out.fields, metric) == 0 &&
        std::ranges::count(out.emptied, one) == 0)
      out.emptied.push_back(one);
  }
  return out;
}

int column_names::required_among(std::span<const std::string> header) const {
  const auto readings = read(header);
  return static_cast<int>(std::ranges::count_if(required, [&](row_field field) {
    return std::ranges::count(readings, field, &reading::field) > 0;
  }));
}

} // namespace headwater::analytics_files
