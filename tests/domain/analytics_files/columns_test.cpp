#include "domain/analytics_files/columns.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::analytics_files;

namespace {

column_names with(const std::vector<std::string>& rules) {
  std::vector<column_rule> out;
  for (const auto& rule : rules)
    out.push_back(read_column_rule(rule).value());
  return column_names(std::move(out));
}

/// The fields of a header, or "! " and why there are none.
std::string told(const std::vector<std::string>& header,
                 const std::vector<std::string>& rules = {}) {
  const auto plan = with(rules).plan(header);
  if (!plan)
    return "! " + plan.error().message;
  std::string out;
  for (const auto field : plan->fields)
    out.append(out.empty() ? "" : " ").append(field == row_field::unknown ? "-" : to_string(field));
  return out;
}

bool refuses(const std::string& answer, std::string_view because) {
  return answer.starts_with("! ") && answer.find(because) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(columns)

BOOST_AUTO_TEST_CASE(names_of_ga4_reports_are_known) {
  BOOST_TEST(told({"Session source / medium", "Landing page + query string", "Date", "Sessions",
                   "Views", "Ecommerce purchases", "Purchase revenue"}) ==
             "raw_referrer_value raw_page_value date sessions pageviews transactions "
             "purchase_revenue");
  BOOST_TEST(told({"Date", "Page referrer", "Page path and screen class", "Transactions",
                   "Total revenue", "Device category"}) ==
             "date raw_referrer_value raw_page_value transactions purchase_revenue -");
  BOOST_TEST(told({"date", "sessionSourceMedium", "landingPagePlusQueryString", "screenPageViews",
                   "purchaseRevenue"}) ==
             "date raw_referrer_value raw_page_value pageviews purchase_revenue");
}

BOOST_AUTO_TEST_CASE(names_of_adobe_and_of_the_api_are_known) {
  BOOST_TEST(
      told({"Day", "Referring Domain", "Page URL", "Page Views", "Visits", "Orders", "Revenue"}) ==
      "date raw_referrer_value raw_page_value pageviews sessions transactions "
      "purchase_revenue");
  BOOST_TEST(told({"date", "raw_referrer_value", "raw_page_value", "pageviews", "batch_id"}) ==
             "date raw_referrer_value raw_page_value pageviews batch_id");
}

BOOST_AUTO_TEST_CASE(two_columns_of_one_field_need_a_choice) {
  const std::vector<std::string> header{"Date", "Page referrer", "Session source / medium", "Page",
                                        "Views"};
  BOOST_TEST(refuses(told(header), "--map 'Page referrer=raw_referrer_value'"));
  BOOST_TEST(told(header, {"page referrer=raw_referrer_value"}) ==
             "date raw_referrer_value - raw_page_value pageviews");
  BOOST_TEST(told(header, {"Page referrer="}) ==
             "date - raw_referrer_value raw_page_value pageviews");
  BOOST_TEST(refuses(
      told({"a", "b", "Date", "Page", "Views"}, {"a=raw_referrer_value", "b=raw_referrer_value"}),
      "both are raw_referrer_value"));
}

BOOST_AUTO_TEST_CASE(columns_of_the_same_name_are_told_apart_by_their_number) {
  const std::vector<std::string> header{"Date", "Referrer", "Page", "Views", "Sessions", "views"};
  BOOST_TEST(refuses(told(header), "the columns 'Views#1' (column 4) and 'views#2' (column 6) both "
                                   "are pageviews; choose with --map 'Views#1=pageviews', or leave "
                                   "one out with --map 'views#2='"));
  BOOST_TEST(told(header, {"Views#1=pageviews"}) ==
             "date raw_referrer_value raw_page_value pageviews sessions -");
  BOOST_TEST(told(header, {"views#1="}) ==
             "date raw_referrer_value raw_page_value - sessions pageviews");
  BOOST_TEST(told(header, {"VIEWS#2=transactions"}) ==
             "date raw_referrer_value raw_page_value pageviews sessions transactions");
  // A rule for one of them wins over a rule for all.
  BOOST_TEST(told(header, {"Views=", "Views#2=pageviews"}) ==
             "date raw_referrer_value raw_page_value - sessions pageviews");
  // Advice beside rules that are there already; the later rule counts.
  BOOST_TEST(refuses(told(header, {"Views=sessions"}), "leave one out with --map 'views#2='"));
  BOOST_TEST(told(header, {"Views=sessions", "Views#2="}) ==
             "date raw_referrer_value raw_page_value sessions - -");
  BOOST_TEST(told({"a", "b", "Date", "Page", "Views"},
                  {"a=raw_referrer_value", "b=raw_referrer_value", "b="}) ==
             "raw_referrer_value - date raw_page_value pageviews");
  for (const auto* rule : {"Views#3=", "Views#0=", "Views#=", "Views#x=", "Views#1 2=",
                           "Views#99999999999999999999=", "Clicks#1="})
    BOOST_TEST(refuses(told({"Date", "Referrer", "Page", "Views", "Sessions"}, {rule}),
                       "which is not among"));
  BOOST_TEST(told({"Date", "Referrer", "Page", "Views#2", "Views", "Views"},
                  {"Views#2=sessions", "Views#1="}) ==
             "date raw_referrer_value raw_page_value sessions - pageviews");
  BOOST_TEST(told({"d", "d", "Referrer", "Page", "Views"}, {"d#2=date"}) ==
             "- date raw_referrer_value raw_page_value pageviews");
  BOOST_TEST(
      with({"d#2=date"}).required_among(std::vector<std::string>{"d", "d", "Referrer", "Page"}) ==
      3);
}

BOOST_AUTO_TEST_CASE(metrics_that_nothing_is_left_of_are_named) {
  const auto left = [](const std::vector<std::string>& header,
                       const std::vector<std::string>& rules) {
    std::string out;
    for (const auto& each : with(rules).plan(header).value().emptied)
      out.append(each.column).append("=").append(to_string(each.field)).append(" ");
    return out;
  };
  const std::vector<std::string> header{"Date", "Referrer", "Page", "Views", "Sessions", "Views"};
  BOOST_TEST(left(header, {"Views="}) == "Views=pageviews ");
  BOOST_TEST(left(header, {"Views#1="}) == "");
  BOOST_TEST(left(header, {"Views=", "Sessions=pageviews"}) == "");
  BOOST_TEST(left({"Date", "Referrer", "Page", "Views", "Clicks"}, {"Clicks="}) == "");
}

BOOST_AUTO_TEST_CASE(rules_name_columns_of_any_name) {
  BOOST_TEST(told({"日付", "von", "wohin", "Zahl"}, {"日付=date", "von=raw_referrer_value",
                                                     "wohin=raw_page_value", "Zahl=sessions"}) ==
             "date raw_referrer_value raw_page_value sessions");
  BOOST_TEST(refuses(told({"Date", "Referrer", "Page", "Views"}, {"Clicks=sessions"}), "'Clicks'"));
}

BOOST_AUTO_TEST_CASE(rule_for_a_column_that_is_not_there_is_told_before_two_of_one_field) {
  BOOST_TEST(refuses(told({"Date", "Source", "Page", "Views", "Pageviews"}, {"Vews="}),
                     "--map names the column 'Vews', which is not among"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named) {
  BOOST_TEST(refuses(told({"Referrer", "Page", "Views"}), "known to be date"));
  BOOST_TEST(refuses(told({"Date", "Page", "Views"}), "known to be raw_referrer_value"));
  BOOST_TEST(refuses(told({"Date", "Referrer", "Views"}), "known to be raw_page_value"));
  BOOST_TEST(refuses(told({"Date", "Referrer", "Page"}), "known to be pageviews"));
  BOOST_TEST(refuses(told({"Date", "First user source / medium", "Page", "Views"}),
                     "known to be raw_referrer_value"));
}

BOOST_AUTO_TEST_CASE(rules_are_columns_and_fields) {
  BOOST_TEST(read_column_rule("a=b=date").value().column == "a=b");
  BOOST_TEST((read_column_rule(" a = ").value().field == row_field::unknown));
  for (const auto* text : {"", "a", "=date", "a=colour", "a=Date"})
    BOOST_TEST(read_column_rule(text).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
