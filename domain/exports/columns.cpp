#include "domain/exports/columns.hpp"

#include "domain/core/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace headwater::exports {
namespace {

using enum row_field;

struct known_name {
  std::string_view folded;
  row_field field;
};

// The API's own names, those of GA4's reports and of its Data API, and those of Adobe Analytics.
// GA4's "First user ..." dimensions tell of the user's first visit and not of this one.
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

error twice(const std::string& one, const std::string& other, row_field field) {
  const std::string name(to_string(field));
  return refusal("the columns '" + one + "' and '" + other + "' both are " + name +
                 "; choose with --map '" + one + "=" + name + "', or leave one out with --map '" +
                 other + "='");
}

/// The one column of a field among those told, else among those known; -1: none.
result<std::ptrdiff_t> column_of(row_field field, std::span<const std::string> header,
                                 std::span<const row_field> fields, const std::vector<bool>& told) {
  for (const bool by_rule : {true, false}) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (fields[i] != field || told[i] != by_rule)
        continue;
      if (found)
        return twice(header[*found], header[i], field);
      found = i;
    }
    if (found)
      return static_cast<std::ptrdiff_t>(*found);
  }
  return -1;
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
  const auto told = std::ranges::find(rules_, name, &folded_rule::name);
  if (is_told != nullptr)
    *is_told = told != rules_.end();
  if (told != rules_.end())
    return told->rule.field;
  const auto known = std::ranges::find(known_names, name, &known_name::folded);
  return known == known_names.end() ? unknown : known->field;
}

result<void> column_names::check_rules(const column_plan& plan) const {
  for (const auto& [folded, rule] : rules_)
    if (std::ranges::none_of(plan.names,
                             [&wanted = folded](const auto& name) { return fold(name) == wanted; }))
      return refusal("--map names the column '" + rule.column + "', which is not among " +
                     listed(plan.names));
  return boost::system::in_place_value;
}

result<column_plan> column_names::plan(std::vector<std::string> header) const {
  std::vector<row_field> fields;
  std::vector<bool> told;
  for (const auto& name : header) {
    bool by_rule = false;
    fields.push_back(field_of(name, &by_rule));
    told.push_back(by_rule);
  }
  column_plan out{std::vector<row_field>(header.size(), unknown), std::move(header)};
  for (const auto field : all_fields) {
    auto place = column_of(field, out.names, fields, told);
    if (!place)
      return place.error();
    if (*place >= 0)
      out.fields[static_cast<std::size_t>(*place)] = field;
  }
  if (auto sound = check_rules(out); !sound)
    return sound.error();
  if (auto complete = check_complete(out); !complete)
    return complete.error();
  return out;
}

int column_names::required_among(std::span<const std::string> header) const {
  return static_cast<int>(std::ranges::count_if(required, [&](row_field field) {
    return std::ranges::any_of(header, [&](const auto& name) { return field_of(name) == field; });
  }));
}

} // namespace headwater::exports
