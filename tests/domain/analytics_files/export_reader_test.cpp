// Whole files: what is a row, what is none, and what is told of the bad ones.

#include "domain/analytics_files/export_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace headwater;
using namespace headwater::analytics_files;

namespace {

struct outcome {
  std::vector<std::string> rows; ///< "line: date|referrer|page|pageviews|sessions|orders|revenue"
  std::vector<export_fault> faults;
  export_tally tally;
  std::string refusal;
};

std::string shown(const std::optional<std::int64_t>& count) {
  return count ? std::to_string(*count) : "null";
}

std::string shown(const export_row& from) {
  const auto& row = from.row;
  const auto& money = row.metrics.purchase_revenue;
  auto out = std::to_string(from.line) + ": " + to_date_string(row.date) + "|";
  out.append(row.raw_referrer_value).append("|").append(row.raw_page_value);
  out += "|" + shown(row.metrics.pageviews) + "|" + shown(row.metrics.sessions) + "|" +
         shown(row.metrics.transactions) + "|" + (money ? referrals::to_decimal(*money) : "null");
  return row.batch_id ? out + "|" + std::string(*row.batch_id) : out;
}

/// Reads a text that comes in pieces of `piece` bytes.
outcome read(std::string_view text, export_settings settings = {}, std::size_t piece = 1 << 20) {
  outcome out;
  const auto source = [&](std::span<char> into) -> result<std::size_t> {
    const auto size = std::min({piece, text.size(), into.size()});
    std::copy_n(text.begin(), size, into.begin());
    text.remove_prefix(size);
    return size;
  };
  export_listener listener;
  listener.row = [&](const export_row& row) -> result<void> {
    out.rows.push_back(shown(row));
    return boost::system::in_place_value;
  };
  listener.fault = [&](export_fault fault) { out.faults.push_back(std::move(fault)); };
  auto tally = read_export(settings, source, listener);
  if (tally)
    out.tally = std::move(*tally);
  else
    out.refusal = tally.error().message;
  return out;
}

export_settings mapped(const std::vector<std::string>& rules) {
  export_settings out;
  std::vector<column_rule> all;
  for (const auto& rule : rules)
    all.push_back(read_column_rule(rule).value());
  out.columns = column_names(std::move(all));
  return out;
}

using lines = std::vector<std::string>;

constexpr std::string_view head = "Date,Referrer,Page,Views\n";

} // namespace

BOOST_AUTO_TEST_SUITE(export_reader)

BOOST_AUTO_TEST_CASE(ga4_export_with_comments_totals_and_dirty_values) {
  const auto got =
      read("\xEF\xBB\xBF"
           "# ----------------------------------------\r\n"
           "# Traffic, acquisition\r\n"
           "# 20260101-20260131\r\n"
           "# ----------------------------------------\r\n"
           "\r\n"
           "Session source / medium,Landing page + query string,Date,Device category,"
           "Sessions,Views,Ecommerce purchases,Purchase revenue\r\n"
           ",,,,\"1,240\",3000,3,59.97,Grand total\r\n"
           "chatgpt.com / referral,/a,20260102,mobile,\"1,234\",,0,19.990000000000002\r\n"
           "\"say \"\"hi\"\"\r\nthere\",\"/b?x=1,2\",20260103,desktop,6,7,,\"$1,234.50\"\r\n"
           ",,20260104,tablet,1,1,1,1\r\n");
  BOOST_TEST(got.refusal == "");
  BOOST_TEST(got.faults.empty());
  const lines expected{"8: 2026-01-02|chatgpt.com / referral|/a|null|1234|0|19.99",
                       "9: 2026-01-03|say \"hi\"\r\nthere|/b?x=1,2|7|6|null|1234.5",
                       "11: 2026-01-04|(not set)|(not set)|1|1|1|1"};
  BOOST_TEST(got.rows == expected, boost::test_tools::per_element());
  BOOST_TEST(got.tally.rows == 3u);
  BOOST_TEST(got.tally.total_rows == 1u);
  BOOST_TEST(got.tally.first_total == 7u);
  BOOST_TEST((got.tally.left_out == std::set<std::string>{"Device category"}));
}

BOOST_AUTO_TEST_CASE(the_table_with_all_columns_is_found_among_others) {
  const auto got = read("# Start date: 20260101\nNth day,Users\n0000,12\n0001,13\n\n"
                        "# Start date: 20260101\nDate,Source,Page,Sessions\n20260101,a,/,1\n"
                        "# Start date: 20260101\nCountry,Users\nFrance,5\n");
  BOOST_TEST(got.rows == (lines{"8: 2026-01-01|a|/|null|1|null|null"}),
             boost::test_tools::per_element());
  BOOST_TEST(got.tally.other_lines == 5u);
}

BOOST_AUTO_TEST_CASE(files_put_one_behind_the_other_are_one) {
  const auto got = read("\xEF\xBB\xBF"
                        "Date,Referrer,Page,Views\n20260101,a,/,1\n"
                        "\xEF\xBB\xBF"
                        "Date,Referrer,Page,Views\n20260201,a,/,2\n"
                        "Views,Page,Referrer,Date\n3,/,a,20260301\n");
  const lines expected{"2: 2026-01-01|a|/|1|null|null|null", "4: 2026-02-01|a|/|2|null|null|null",
                       "6: 2026-03-01|a|/|3|null|null|null"};
  BOOST_TEST(got.rows == expected, boost::test_tools::per_element());
  BOOST_TEST(got.faults.empty());
}

BOOST_AUTO_TEST_CASE(adobe_tabs_and_semicolons_are_found_out) {
  const auto adobe =
      read("Day\tReferring Domain\tPage URL\tPage Views\tVisits\tOrders\tRevenue\n"
           "January 31, 2026\tchatgpt.com\thttps://a.example/x,y;z\t1,234\t2\t0\t$5.50\n"
           "Total\t\t\t1,234\t2\t0\t5.50\n");
  BOOST_TEST(adobe.rows ==
                 (lines{"2: 2026-01-31|chatgpt.com|https://a.example/x,y;z|1234|2|0|5.5"}),
             boost::test_tools::per_element());
  BOOST_TEST(adobe.tally.total_rows == 1u);
  export_settings german;
  german.mark = decimal_mark::comma;
  german.dates = date_reader::of("%d.%m.%Y").value();
  const auto semicolons =
      read("Date;Referrer;Page;Views;Revenue\n31.01.2026;a;/;1.234;1.234,50\n", german);
  BOOST_TEST(semicolons.rows == (lines{"2: 2026-01-31|a|/|1234|null|null|1234.5"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_name_line_column_and_reason_and_reading_goes_on) {
  const auto got = read("Date,Referrer,Page,Views,Revenue\n"
                        "20260230,a,/,1,1\n"
                        "20260101,a,/,1.5,-2\n"
                        "20260101,a,/,1\n"
                        "20260101,a,/,1,2,3\n"
                        "20260101,a,/,1,2,\n"
                        "20260101,a\"b,/,1,2\n"
                        "20260101,\"never closed,/,1,2\n"
                        "20260101,\xff,/,1,2\n"
                        "20260101,ok,/,1,2\n");
  BOOST_TEST(got.refusal == "");
  BOOST_TEST(got.rows ==
                 (lines{"6: 2026-01-01|a|/|1|null|null|2", "10: 2026-01-01|ok|/|1|null|null|2"}),
             boost::test_tools::per_element());
  BOOST_REQUIRE_EQUAL(got.faults.size(), 8u);
  const auto place = [&](std::size_t i) {
    return std::to_string(got.faults[i].line) + " " + got.faults[i].column;
  };
  BOOST_TEST(place(0) == "2 Date");
  BOOST_TEST(place(1) == "3 Views");
  BOOST_TEST(got.faults[1].reason == "'1.5' is no whole number");
  BOOST_TEST(place(2) == "3 Revenue");
  BOOST_TEST(got.faults[2].reason == "'-2' is negative");
  BOOST_TEST(got.faults[3].reason == "The record has 4 columns and the header 5");
  BOOST_TEST(place(4) == "5 ");
  BOOST_TEST(place(5) == "7 ");
  BOOST_TEST(place(6) == "8 ");
  BOOST_TEST(got.faults[6].reason.find("never closed") != std::string::npos);
  BOOST_TEST(place(7) == "9 ");
  BOOST_TEST(got.tally.rows == 9u);
  BOOST_TEST(got.tally.bad_rows == 7u);
}

BOOST_AUTO_TEST_CASE(totals_are_told_from_rows_by_their_date) {
  const auto got = read(std::string(head) + "20260101,total,/total,1\nTotals,,,5\n,,,5\n,,,\n"
                                            "soon,a,/,1\n");
  BOOST_TEST(got.rows.size() == 1u);
  BOOST_TEST(got.tally.total_rows == 2u);
  BOOST_REQUIRE_EQUAL(got.faults.size(), 1u);
  BOOST_TEST(got.faults[0].line == 6u);
}

BOOST_AUTO_TEST_CASE(texts_beyond_the_limits_of_the_api_are_faults) {
  const auto got =
      read(std::string(head) + "20260101," + std::string(513, 'r') + ",/,1\n20260101,a,/" +
           std::string(2048, 'p') + ",1\n20260101," + std::string(512, 'r') + ",/,1\n");
  BOOST_TEST(got.rows.size() == 1u);
  BOOST_REQUIRE_EQUAL(got.faults.size(), 2u);
  BOOST_TEST(got.faults[0].reason == "has 513 characters, which is over 512");
  BOOST_TEST(got.faults[1].column == "Page");
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_give_the_same) {
  std::string text(head);
  for (int i = 0; i < 60'000; ++i)
    text += "20260101,\"a\n" + std::to_string(i) + "\",/" + std::string(80, 'x') + ",1\r\n";
  const auto whole = read(text);
  BOOST_TEST(whole.tally.rows == 60'000u);
  BOOST_TEST(whole.rows.back().starts_with("120000: "));
  BOOST_TEST((read(text, {}, 4096).rows == whole.rows));
  BOOST_TEST((read(text, {}, 777'777).rows == whole.rows));
}

BOOST_AUTO_TEST_CASE(a_record_without_end_is_a_fault) {
  const auto got =
      read(std::string(head) + "20260101,\"" + std::string(5 << 20, 'x') + "\n20260101,a,/,1\n");
  BOOST_TEST(got.refusal == "");
  BOOST_REQUIRE(!got.faults.empty());
  BOOST_TEST(got.faults[0].line == 2u);
  BOOST_TEST(got.rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_bad_record_of_several_lines_says_how_many) {
  const auto swallowing = [](const std::string& first, const std::string& last) {
    std::string text(head);
    text += "20260101,a,/,1\n" + first;
    for (int i = 0; i < 100; ++i)
      text += "20260101,a,/" + std::to_string(i) + ",1\n";
    return read(text + last + "20260101,b,/,1\n");
  };
  // A quote that is never closed in its line, and one line that closes it: one column too few.
  const auto few = swallowing("20260101,a,\"/,1\n", "20260101,a,/\",1,7,8\n");
  BOOST_REQUIRE(few.faults.size() == 1u);
  BOOST_TEST(few.faults[0].line == 3u);
  BOOST_TEST(few.faults[0].reason == "The record has 6 columns and the header 4; it takes 102 "
                                     "lines, up to line 104; is a quote not closed?");
  BOOST_TEST(few.tally.bad_rows == 1u);
  BOOST_TEST(few.tally.bad_lines == 102u);
  BOOST_TEST(few.rows == (lines{"2: 2026-01-01|a|/|1|null|null|null",
                                "105: 2026-01-01|b|/|1|null|null|null"}),
             boost::test_tools::per_element());
  // The right number of columns, and two that are bad: it is said once.
  const auto bad = swallowing("20260230,a,\"/,1\n", "20260101,a,/\",x\n");
  BOOST_REQUIRE(bad.faults.size() >= 2u);
  BOOST_TEST(bad.faults[0].reason.ends_with("; the record takes 102 lines, up to line 104; is a "
                                            "quote not closed?"));
  BOOST_TEST(bad.faults[1].reason.find("102 lines") == std::string::npos);
  BOOST_TEST(bad.tally.bad_lines == 102u);
  BOOST_TEST(read(std::string(head) + "20260101,a,/\n").tally.bad_lines == 1u);
}

BOOST_AUTO_TEST_CASE(files_that_are_no_export_are_refused_with_what_to_do) {
  const auto because = [](std::string_view text, std::string_view word) {
    const auto got = read(text);
    return got.refusal.find(word) != std::string::npos ? "" : "'" + got.refusal + "'";
  };
  using namespace std::string_view_literals;
  BOOST_TEST(because("\xFF\xFE"
                     "D\0a\0t\0e\0"sv,
                     "iconv -f UTF-16") == "");
  BOOST_TEST(because("\xFE\xFF\0D"sv, "iconv -f UTF-16") == "");
  BOOST_TEST(because("D\0a\0t\0e\0"sv, "iconv -f UTF-16") == "");
  BOOST_TEST(because("\x1F\x8B\x08", "zcat") == "");
  BOOST_TEST(because("PK\x03\x04", "save the sheet as CSV") == "");
  BOOST_TEST(because("[{}]", "jq -c") == "");
  BOOST_TEST(because("", "has no rows") == "");
  BOOST_TEST(because("# only\n# comments\n", "has no rows") == "");
  BOOST_TEST(because("a,b\n1,2\n", "known to be date among 'a', 'b'") == "");
  BOOST_TEST(because("Date,Page referrer,Source,Page,Views\n", "both are raw_referrer_value") ==
             "");
}

BOOST_AUTO_TEST_CASE(a_header_without_rows_is_an_export) {
  const auto got = read(head);
  BOOST_TEST(got.refusal == "");
  BOOST_TEST(got.tally.rows == 0u);
}

BOOST_AUTO_TEST_CASE(ndjson_of_the_api_is_read_as_it_is) {
  const auto got = read(
      R"({"date":"2026-05-20","raw_referrer_value":"chatgpt.com","raw_page_value":"/","pageviews":1,"sessions":null,"transactions":2.0,"purchase_revenue":19.990000000000002,"batch_id":"x","colour":"red","deep":{"a":[1]}})"
      "\r\n\n  \n"
      R"({"date":"20260521","raw_referrer_value":"","raw_page_value":"/","sessions":"1,234","purchase_revenue":100000000000.5})");
  BOOST_TEST(got.refusal == "");
  const lines expected{"1: 2026-05-20|chatgpt.com|/|1|null|2|19.99|x",
                       "4: 2026-05-21|(not set)|/|null|1234|null|100000000000.5"};
  BOOST_TEST(got.rows == expected, boost::test_tools::per_element());
  BOOST_TEST((got.tally.format == export_format::ndjson));
  BOOST_TEST((got.tally.left_out == std::set<std::string>{"colour", "deep"}));
}

BOOST_AUTO_TEST_CASE(ndjson_of_other_names_is_mapped) {
  const auto settings =
      mapped({"d=date", "from=raw_referrer_value", "to=raw_page_value", "n=sessions"});
  const auto got = read(R"({"d":"20260101","from":"a","to":"/","n":3,"page":"/other"})", settings);
  BOOST_TEST(got.rows == (lines{"1: 2026-01-01|a|/|null|3|null|null"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bad_lines_of_ndjson_are_faults) {
  const auto got = read(R"({"date":"20260101","referrer":"a","page":"/","views":1}
{"date":"20260101","referrer":"a","page":"/","views":1
[1]
{"date":"20260101","referrer":"a","page":"/","views":true}
{"date":"20260101","referrer":"a","page":"/","views":1,"views":2}
{"date":"20260101","referrer":"a","source":"b","page":"/"}
{"date":"20260101","referrer":7,"page":"/"}
{"date":"20260101","page":"/","views":1e400}
)");
  BOOST_TEST(got.rows.size() == 1u);
  BOOST_TEST(got.tally.bad_rows == 7u);
  std::string places;
  for (const auto& each : got.faults)
    places += std::to_string(each.line) + ":" + each.column + " ";
  BOOST_TEST(places == "2: 3: 4:views 5:views 6:source 7:referrer 8:views ");
}

BOOST_AUTO_TEST_CASE(name_and_first_character_tell_the_format) {
  const auto format = [](std::string_view told, std::string_view name, std::string_view text) {
    return std::string(to_string(format_of(told, name, text).value()));
  };
  BOOST_TEST(format("", "a.csv", "{") == "csv");
  BOOST_TEST(format("", "a.TSV", "") == "csv");
  BOOST_TEST(format("", "a.jsonl", "x") == "ndjson");
  BOOST_TEST(format("", "-", "  {\"a\":1}") == "ndjson");
  BOOST_TEST(format("", "-", "Date,") == "csv");
  BOOST_TEST(format("ndjson", "a.csv", "x") == "ndjson");
  BOOST_TEST(format_of("", "a.json", "[1]").has_error());
  BOOST_TEST(format("", "a.csv", "[Date],[Page]") == "csv");
  BOOST_TEST(format("", "a.csv", "[ ]x") == "csv");
  for (const auto* text : {"[{\"date\":1}]", " [\n  {", "\xEF\xBB\xBF[{}", "[]", "[ ]\n"})
    BOOST_TEST_CONTEXT(text) {
      BOOST_TEST(format_of("", "a.csv", text).error().message.find("jq -c") != std::string::npos);
      BOOST_TEST(format_of("csv", "-", text).has_error());
    }
}

BOOST_AUTO_TEST_SUITE_END()
