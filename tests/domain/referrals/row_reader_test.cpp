#include "domain/referrals/row_reader.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

using namespace headwater;
using namespace headwater::referrals;

namespace {

constexpr auto array = body_format::json_array;
constexpr auto lines = body_format::ndjson;

/// A row with more members behind the required ones.
std::string row(const std::string& more = "") {
  return R"({"date":"2026-05-20","raw_referrer_value":"chatgpt.com","raw_page_value":"/blog")" +
         (more.empty() ? "" : "," + more) + "}";
}

std::string times(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += text;
  return out;
}

std::string located(const fault& fault) {
  std::string out;
  for (const auto& step : fault.at.steps())
    out += (out.empty() ? "" : "/") +
           (step.index() == 0 ? std::get<0>(step) : std::to_string(std::get<1>(step)));
  return out + " " + fault.type;
}

/// "ok", the code, or the faults as "body/0/date missing; ...".
std::string outcome(std::string_view body, body_format format = array,
                    std::size_t max_events = 10'000) {
  auto rows = read_rows(body, format, max_events);
  if (rows)
    return "ok";
  if (rows.error().code != errc::validation_error)
    return std::string{headwater::to_string(rows.error().code)};
  std::string out;
  for (const auto& fault : rows.error().faults)
    out += (out.empty() ? "" : "; ") + located(fault);
  return out;
}

std::string outcome_of_member(const std::string& member) {
  return outcome("[" + row(member) + "]");
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_reader)

BOOST_AUTO_TEST_CASE(the_documents_example_is_read) {
  auto batch = read_rows(R"([{"date":"2026-05-20","raw_referrer_value":"chatgpt.com",
    "raw_page_value":"/blog/launch-notes","pageviews":1,"sessions":2,"transactions":3,
    "purchase_revenue":19.99,"batch_id":"b-1"}])",
                         array);
  BOOST_REQUIRE(batch.has_value());
  BOOST_REQUIRE(batch->rows.size() == 1U);
  const auto& r = batch->rows[0];
  BOOST_TEST(to_date_string(r.date) == "2026-05-20");
  BOOST_TEST(r.raw_referrer_value == "chatgpt.com");
  BOOST_TEST(r.raw_page_value == "/blog/launch-notes");
  BOOST_TEST(r.metrics.pageviews.value() == 1);
  BOOST_TEST(r.metrics.sessions.value() == 2);
  BOOST_TEST(r.metrics.transactions.value() == 3);
  BOOST_TEST(r.metrics.purchase_revenue->millionths == 19'990'000);
  BOOST_TEST(r.batch_id.value() == "b-1");
}

BOOST_AUTO_TEST_CASE(absent_and_null_are_the_same_and_not_zero) {
  auto batch = read_rows("[" + row() + "," +
                             row(R"("pageviews":null,"sessions":null,"transactions":null,)"
                                 R"("purchase_revenue":null,"batch_id":null)") +
                             "," + row(R"("pageviews":0)") + "]",
                         array);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST((batch->rows[0] == batch->rows[1]));
  BOOST_TEST(!batch->rows[1].metrics.pageviews.has_value());
  BOOST_TEST((batch->rows[0] != batch->rows[2]));
  BOOST_TEST(batch->rows[2].metrics.pageviews.value() == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_array_is_a_quiet_day) {
  BOOST_TEST(outcome("[]") == "ok");
  BOOST_TEST(outcome(" \r\n[ ] \n") == "ok");
}

BOOST_AUTO_TEST_CASE(what_is_not_json_or_not_an_array_is_a_bad_request) {
  const std::string bodies[] = {"",
                                "  \n",
                                "nope",
                                "{}",
                                row(),
                                "5",
                                "null",
                                "\"x\"",
                                "1e400",
                                "[",
                                "[]]",
                                "[],",
                                "[] x",
                                "[" + row() + ",]",
                                "[" + row() + "] []",
                                "[" + row(),
                                "['a']",
                                "[{\"a\":01}]",
                                "[NaN]",
                                "\xef\xbb\xbf[]",
                                "[\"\xff\"]",
                                "[{\"\xc0\xaf\":1}]",
                                "[\"\xed\xa0\x80\"]",
                                "[\"\\ud800\"]",
                                "[\"\\udc00\"]",
                                "[{\"\\uDC00\":1}]",
                                "[\"a\x01\"]",
                                "[/**/]",
                                std::string{"[]\0", 3},
                                std::string{"[\0]", 3},
                                std::string{"[]\0[]", 5}};
  for (const auto& body : bodies)
    BOOST_TEST_CONTEXT(body) {
      BOOST_TEST(outcome(body) == "bad_request");
    }
}

BOOST_AUTO_TEST_CASE(surrogate_pairs_are_characters) {
  auto batch = read_rows("[" + row(R"("batch_id":"\ud83d\ude00")") + "]", array);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->rows[0].batch_id.value() == "\xf0\x9f\x98\x80");
  // U+D7FF and U+E000 stand beside the surrogates.
  BOOST_TEST(outcome_of_member(R"("batch_id":"\ud7ff\ue000")") == "ok");
}

BOOST_AUTO_TEST_CASE(depth_32_is_read_and_33_is_not) {
  auto nested = [](std::size_t levels) {
    return outcome_of_member("\"x\":" + times("[", levels) + times("]", levels));
  };
  BOOST_TEST(nested(30) == "ok");
  BOOST_TEST(nested(31) == "bad_request");
  BOOST_TEST(outcome("[" + times("{\"a\":", 31) + "1" + times("}", 31) + "]") != "bad_request");
  BOOST_TEST(outcome("[" + times("{\"a\":", 32) + "1" + times("}", 32) + "]") == "bad_request");
  BOOST_TEST(outcome(times("[", 1'000'000)) == "bad_request");
}

BOOST_AUTO_TEST_CASE(syntax_decides_before_the_schema) {
  BOOST_TEST(outcome("[5," + row() + ",") == "bad_request");
  BOOST_TEST(outcome("[" + row("\"pageviews\":1e400") + ",") == "bad_request");
  BOOST_TEST(outcome("[" + row("\"pageviews\":1e400") + ",5x]") == "bad_request");
}

BOOST_AUTO_TEST_CASE(the_10001st_event_is_too_much_as_soon_as_it_begins) {
  auto body = "[" + times(row() + ",", 9'999) + row();
  BOOST_TEST(outcome(body + "]") == "ok");
  BOOST_TEST(outcome(body + "," + row() + "]") == "payload_too_large");
  // Nothing after its first byte is looked at.
  BOOST_TEST(outcome(body + ",{nonsense") == "payload_too_large");
  BOOST_TEST(outcome(body + ",5") == "payload_too_large");
  BOOST_TEST(outcome(times(row() + "\n", 10'000), lines) == "ok");
  BOOST_TEST(outcome(times(row() + "\n", 10'000) + "{", lines) == "payload_too_large");
  BOOST_TEST(outcome("[" + row() + "," + row() + "," + row() + "]", array, 2) ==
             "payload_too_large");
}

BOOST_AUTO_TEST_CASE(ndjson_is_one_value_a_line) {
  auto count = [](const std::string& body) {
    auto batch = read_rows(body, lines);
    return batch ? static_cast<int>(batch->rows.size()) : -1;
  };
  BOOST_TEST(count(row()) == 1);
  BOOST_TEST(count(row() + "\n") == 1);
  BOOST_TEST(count(row() + "\r\n" + row() + "\r\n") == 2);
  BOOST_TEST(count("\n\r\n \t\n" + row() + "\n\n\n" + row() + "\n\n") == 2);
  BOOST_TEST(outcome("", lines) == "bad_request");
  BOOST_TEST(outcome("\n\r\n", lines) == "bad_request");
  BOOST_TEST(outcome(row() + row(), lines) == "bad_request");
  BOOST_TEST(outcome(row() + "," + row(), lines) == "bad_request");
  BOOST_TEST(outcome(row() + "\n{\"date\":\n\"2026-05-20\"}", lines) == "bad_request");
  BOOST_TEST(outcome("\xef\xbb\xbf" + row(), lines) == "bad_request");
  BOOST_TEST(outcome(row() + "\n[]\n5", lines) ==
             "body/1 model_attributes_type; body/2 model_attributes_type");
}

BOOST_AUTO_TEST_CASE(rows_of_ndjson_are_counted_without_blank_lines) {
  BOOST_TEST(outcome(row() + "\n\n\n" + row("\"sessions\":-1"), lines) ==
             "body/1/sessions greater_than_equal");
}

BOOST_AUTO_TEST_CASE(a_body_without_a_type_is_told_by_its_first_byte) {
  BOOST_TEST((sniff_format("[]") == array));
  BOOST_TEST((sniff_format(" \n[") == array));
  BOOST_TEST((sniff_format("{}") == lines));
  BOOST_TEST((sniff_format("") == lines));
}

BOOST_AUTO_TEST_CASE(a_row_is_an_object) {
  BOOST_TEST(outcome("[1,\"a\",null,true,[],[{\"a\":1}],1e400]") ==
             "body/0 model_attributes_type; body/1 model_attributes_type; "
             "body/2 model_attributes_type; body/3 model_attributes_type; "
             "body/4 model_attributes_type; body/5 model_attributes_type; "
             "body/6 model_attributes_type");
  BOOST_TEST(outcome("[[1e400]]") == "body/0 model_attributes_type; body/0 finite_number");
}

BOOST_AUTO_TEST_CASE(required_fields_are_missed) {
  BOOST_TEST(outcome("[{}]") == "body/0/date missing; body/0/raw_referrer_value missing; "
                                "body/0/raw_page_value missing");
  BOOST_TEST(outcome(R"([{"date":null,"raw_referrer_value":null,"raw_page_value":null}])") ==
             "body/0/date date_type; body/0/raw_referrer_value string_type; "
             "body/0/raw_page_value string_type");
}

BOOST_AUTO_TEST_CASE(types_are_those_of_the_document) {
  const std::pair<const char*, const char*> samples[] = {
      {R"("pageviews":"1")", "body/0/pageviews int_type"},
      {R"("pageviews":true)", "body/0/pageviews int_type"},
      {R"("sessions":[])", "body/0/sessions int_type"},
      {R"("transactions":{})", "body/0/transactions int_type"},
      {R"("pageviews":1.5)", "body/0/pageviews int_from_float"},
      {R"("pageviews":-1)", "body/0/pageviews greater_than_equal"},
      {R"("pageviews":-0)", "ok"},
      {R"("pageviews":1.0)", "ok"},
      {R"("pageviews":1e2)", "ok"},
      {R"("pageviews":9007199254740991)", "ok"},
      {R"("pageviews":9007199254740992)", "body/0/pageviews less_than_equal"},
      {R"("pageviews":1e400)", "body/0/pageviews less_than_equal"},
      {R"("pageviews":0e400)", "ok"},
      {R"("purchase_revenue":"1.5")", "body/0/purchase_revenue float_type"},
      {R"("purchase_revenue":false)", "body/0/purchase_revenue float_type"},
      {R"("purchase_revenue":-0.01)", "body/0/purchase_revenue greater_than_equal"},
      {R"("purchase_revenue":-0.0)", "ok"},
      {R"("purchase_revenue":9e12)", "ok"},
      {R"("purchase_revenue":9000000000000.01)", "body/0/purchase_revenue less_than_equal"},
      {R"("purchase_revenue":1e400)", "body/0/purchase_revenue less_than_equal"},
      {R"("batch_id":5)", "body/0/batch_id string_type"},
      {R"("batch_id":"")", "ok"},
  };
  for (auto [member, expected] : samples)
    BOOST_TEST_CONTEXT(member) {
      BOOST_TEST(outcome_of_member(member) == expected);
    }
}

BOOST_AUTO_TEST_CASE(dates_are_days_of_the_calendar) {
  auto with_date = [](const std::string& date) {
    return outcome(R"([{"date":)" + date + R"(,"raw_referrer_value":"a","raw_page_value":"b"}])");
  };
  for (auto good : {"\"2024-02-29\"", "\"2026-12-31\"", "\"0001-01-01\"", "\"9999-12-31\""})
    BOOST_TEST(with_date(good) == "ok", good);
  for (auto bad : {"\"2026-02-29\"", "\"2026-13-01\"", "\"2026-00-10\"", "\"2026-1-1\"", "\"\"",
                   "\"2026-05-20T00:00:00Z\"", "\"20260520\"", "\" 2026-05-20\"", "\"0000-01-01\""})
    BOOST_TEST(with_date(bad) == "body/0/date date_parsing", bad);
  BOOST_TEST(with_date("20260520") == "body/0/date date_type");
  BOOST_TEST(with_date("{}") == "body/0/date date_type");
}

BOOST_AUTO_TEST_CASE(lengths_count_code_points) {
  auto with = [](const std::string& referrer, const std::string& page, const std::string& batch) {
    return outcome(R"([{"date":"2026-05-20","raw_referrer_value":")" + referrer +
                   R"(","raw_page_value":")" + page + R"(","batch_id":")" + batch + "\"}]");
  };
  const std::string smile = "\xf0\x9f\x98\x80";
  BOOST_TEST(with(times(smile, 512), times(smile, 2048), times(smile, 128)) == "ok");
  BOOST_TEST(with(times(smile, 513), times(smile, 2049), times(smile, 129)) ==
             "body/0/raw_referrer_value string_too_long; body/0/raw_page_value string_too_long; "
             "body/0/batch_id string_too_long");
  BOOST_TEST(with(times("a", 512), times("a", 2048), times("a", 128)) == "ok");
  BOOST_TEST(with(times("\\u00e9", 512), "a", "") == "ok");
  BOOST_TEST(with("", "", "") == "body/0/raw_referrer_value string_too_short; "
                                 "body/0/raw_page_value string_too_short");
}

BOOST_AUTO_TEST_CASE(control_characters_stay_except_nul) {
  auto batch = read_rows(R"([{"date":"2026-05-20","raw_referrer_value":"a\u0001\n",)"
                         R"("raw_page_value":"\t\u007f\u001f"}])",
                         array);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->rows[0].raw_referrer_value == "a\x01\n");
  BOOST_TEST(batch->rows[0].raw_page_value == "\t\x7f\x1f");
  BOOST_TEST(outcome_of_member(R"("batch_id":"a\u0000b")") == "body/0/batch_id string_nul");
  BOOST_TEST(outcome_of_member(R"("other":"a\u0000b")") == "ok");
}

BOOST_AUTO_TEST_CASE(unknown_fields_are_ignored) {
  BOOST_TEST(outcome_of_member(R"("x":{"date":5,"y":[1,{"pageviews":"no"}]},"Date":1,"":null)") ==
             "ok");
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_faults) {
  BOOST_TEST(outcome_of_member(R"("date":"2026-05-20")") == "body/0/date duplicate_key");
  BOOST_TEST(outcome_of_member(R"("x":1,"x":1)") == "body/0/x duplicate_key");
  BOOST_TEST(outcome_of_member(R"("x":{"a":1,"a":2})") == "body/0/x duplicate_key");
  BOOST_TEST(outcome_of_member(R"("x":[{"a":1},{"a":2}],"y":{"a":1})") == "ok");
  BOOST_TEST(outcome_of_member(R"("a\u0062":1,"ab":1)") == "body/0/ab duplicate_key");
  BOOST_TEST(outcome_of_member(R"("pageviews":1,"pageviews":null)") ==
             "body/0/pageviews duplicate_key");
  BOOST_TEST(outcome_of_member(R"("":1,"":2)") == "body/0/ duplicate_key");
  BOOST_TEST(outcome_of_member(R"("":{"a":1,"a":2})") == "body/0/ duplicate_key");
  BOOST_TEST(outcome_of_member(R"("":1e400)") == "body/0/ finite_number");
  BOOST_TEST(outcome("[" + row(R"("":1)") + ",7]") == "body/1 model_attributes_type");
}

BOOST_AUTO_TEST_CASE(many_keys_cost_no_square) {
  std::string members;
  for (int i = 0; i < 300'000; ++i)
    members += "\"k" + std::to_string(i) + "\":0,";
  BOOST_TEST(outcome_of_member(members + "\"z\":1") == "ok");
  BOOST_TEST(outcome_of_member(members + "\"k7\":1") == "body/0/k7 duplicate_key");
}

BOOST_AUTO_TEST_CASE(a_number_beyond_a_double_is_a_fault_anywhere) {
  BOOST_TEST(outcome_of_member("\"x\":1e400") == "body/0/x finite_number");
  BOOST_TEST(outcome_of_member("\"x\":[{\"y\":-1e999}]") == "body/0/x finite_number");
  BOOST_TEST(outcome_of_member("\"x\":" + times("9", 400)) == "body/0/x finite_number");
  BOOST_TEST(outcome_of_member("\"x\":1e308,\"y\":1e-999,\"z\":0e400") == "ok");
  BOOST_TEST(outcome(row("\"x\":1e400") + "\n" + row("\"x\":\"1e400\""), lines) ==
             "body/0/x finite_number");
  BOOST_TEST(outcome_of_member("\"x\":" + times("9", 250) + "e99") == "body/0/x finite_number");
  BOOST_TEST(outcome_of_member("\"x\":--1e400") == "bad_request");
  // Exact values are read even where RapidJSON would give up on the number.
  auto long_zero = "\"purchase_revenue\":0." + times("0", 400) + "1e401";
  auto batch = read_rows("[" + row(long_zero) + "," + row("\"x\":0e400") + "]", array);
  BOOST_REQUIRE(batch.has_value());
  BOOST_TEST(batch->rows[0].metrics.purchase_revenue->millionths == revenue::scale);
}

BOOST_AUTO_TEST_CASE(the_first_hundred_faults_are_told) {
  auto rows = read_rows("[" + times("{},", 99) + "{}]", array);
  BOOST_REQUIRE(rows.has_error());
  BOOST_TEST(rows.error().faults.size() == 100U);
  BOOST_TEST(located(rows.error().faults.back()) == "body/33/date missing");
}

BOOST_AUTO_TEST_CASE(a_clients_long_key_is_cut_in_the_fault) {
  auto key = times("k", 10'000);
  auto rows = read_rows("[" + row("\"" + key + "\":1e400") + "]", array);
  BOOST_REQUIRE(rows.has_error());
  BOOST_TEST(std::get<std::string>(rows.error().faults.at(0).at.steps().at(2)).size() == 128U);
}

BOOST_AUTO_TEST_CASE(texts_live_as_long_as_the_batch) {
  std::string body = "[" + row() + "]";
  auto batch = read_rows(body, array);
  body.assign(body.size(), 'x');
  BOOST_REQUIRE(batch.has_value());
  row_batch moved = std::move(*batch);
  BOOST_TEST(moved.rows[0].raw_referrer_value == "chatgpt.com");
}

BOOST_AUTO_TEST_SUITE_END()
