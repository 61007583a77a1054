#include "tests/tools/scratch.hpp"
#include "tools/api/answer_json.hpp"
#include "tools/referrals/push_report.hpp"

namespace headwater::tools {
namespace {

using analytics_files::push_batch;
using referrals::referrer_reason;
using referrals::row_field;

push_summary whole_push() {
  push_summary out;
  out.file = "ga4.csv";
  out.is_complete = true;
  out.read.rows = 12;
  out.added_up = 2;
  out.rows = 10;
  out.batches = 1;
  out.accepted = 7;
  out.rejected = 3;
  out.unchanged = 4;
  out.milliseconds = 1'234;
  out.list_version = "v1";
  out.is_servers_list = true;
  return out;
}

std::string text_for_people(const push_summary& of) {
  const testing::captured_output output;
  print_summary(of);
  return output.out();
}

std::string text_of_json(const push_summary& of) {
  const testing::captured_output output;
  print_summary_json(of);
  return output.out();
}

push_batch batch_of_lines(std::vector<analytics_files::line_number> lines) {
  push_batch out;
  out.lines = std::move(lines);
  return out;
}

using lines = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(push_report)

BOOST_AUTO_TEST_CASE(a_push_is_told_in_three_lines) {
  BOOST_TEST(text_for_people(whole_push()) ==
             "ga4.csv: 12 rows read, 2 added up with a row of the same date, referrer and page\n"
             "sent: 10 rows in 1 batch: 7 accepted (4 unchanged), 3 rejected\n"
             "took 1.2 s\n");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_is_told) {
  auto of = whole_push();
  of.added_up = 0;
  of.read.bad_rows = 1;
  of.read.bad_lines = 3;
  of.read.total_rows = 2;
  of.read.first_total = 40;
  of.read.other_lines = 1;
  of.read.left_out = {"City", "\x1b[1m"};
  of.batches = 2;
  of.retries = 1;
  BOOST_TEST(text_for_people(of) == "ga4.csv: 12 rows read, 1 bad (3 lines)\n"
                                    "left out: 2 rows of totals (line 40 first)\n"
                                    "left out: 1 line of other tables\n"
                                    "columns without a field: \\u001b[1m, City\n"
                                    "sent: 10 rows in 2 batches: 7 accepted (4 unchanged), 3 "
                                    "rejected\n"
                                    "took 1.2 s, tried again 1 time\n");
}

BOOST_AUTO_TEST_CASE(a_dry_run_sends_nothing) {
  auto of = whole_push();
  of.is_dry_run = true;
  of.is_servers_list = false;
  of.rejected_referrers = 3;
  of.rows_of_referrers = 9;
  of.future_rows = 1;
  of.most_rejected = {{"a.example", 5, referrer_reason::not_listed}};
  BOOST_TEST(text_for_people(of).ends_with(
      "dry run, nothing sent: 10 rows in 1 batch: 7 accepted, 3 rejected\n"
      "took 1.2 s\n\n"
      "rejected rows by referrer, as our own list of AI platforms (v1) has them:\n"
      "         5  a.example\n"
      "         4  of 2 more referrers\n"
      "         1  of listed referrers, dated after tomorrow (UTC)\n"));
}

BOOST_AUTO_TEST_CASE(a_push_that_ended_early_explains_no_rejections) {
  auto of = whole_push();
  of.is_complete = false;
  of.most_rejected = {{"a.example", 5, referrer_reason::not_listed}};
  BOOST_TEST(text_for_people(of).ends_with("took 1.2 s\n"));
}

BOOST_AUTO_TEST_CASE(a_script_gets_the_same_as_json) {
  auto of = whole_push();
  of.failure = "the server\n\"answered\" 500";
  of.faults = {{7, "Date", "'x' is no date"}, {9, "", "\x01"}};
  of.read.emptied = {{"Sessions", row_field::sessions}};
  of.most_rejected = {{"a.example", 2, referrer_reason::not_listed}};
  of.rejected_referrers = 2;
  of.rows_of_referrers = 3;
  const auto text = text_of_json(of);
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1);
  const auto got = parsed_answer(text);
  BOOST_REQUIRE(got.IsObject());
  BOOST_TEST(text_of(member(got, "failure")) == of.failure);
  BOOST_TEST(number_of(member(got, "rows_sent")) == 10);
  BOOST_TEST(number_of(member(got, "rows_to_send")) == 0);
  BOOST_TEST(number_of(member(got, "deduplicated")) == 4);
  BOOST_TEST(
      quoted(member(got, "faults")) ==
      R"([{"line":7,"column":"Date","reason":"'x' is no date"},{"line":9,"column":"","reason":"\u0001"}])");
  BOOST_TEST(quoted(member(got, "metrics_left_out")) ==
             R"([{"column":"Sessions","field":"sessions"}])");
  BOOST_TEST(quoted(member(got, "more_rejected")) == R"({"referrers":1,"rows":1})");
  BOOST_TEST(quoted(member(got, "platform_list")) == R"({"version":"v1","from":"server"})");
}

BOOST_AUTO_TEST_CASE(json_of_a_dry_run_without_trouble) {
  auto of = whole_push();
  of.is_dry_run = true;
  const auto got = parsed_answer(text_of_json(of));
  BOOST_TEST(number_of(member(got, "rows_sent")) == 0);
  BOOST_TEST(number_of(member(got, "rows_to_send")) == 10);
  BOOST_TEST(quoted(member(got, "failure")) == "null");
  BOOST_TEST(quoted(member(got, "complete")) == "true");
}

BOOST_AUTO_TEST_CASE(faults_are_told_by_file_line_and_column) {
  auto of = whole_push();
  of.file = "a\x1b.csv";
  of.faults = {{7, "Da\x07te", "no date"}, {9, "", "too many columns"}};
  of.read.emptied = {{"Sessions", row_field::sessions}};
  const testing::captured_output output;
  print_faults(of);
  print_emptied(of);
  BOOST_TEST(output.err() ==
             "a\\u001b.csv:7: Da\\u0007te: no date\na\\u001b.csv:9: too many columns\n"
             "headwater: --map leaves 'Sessions' out: sessions is null in those rows, and null "
             "replaces what was pushed before\n");
}

BOOST_AUTO_TEST_CASE(rows_that_a_server_refuses_are_found_in_the_file) {
  const auto batch = batch_of_lines({4, 9});
  const auto got = refusal_lines(
      {422,
       R"({"detail":[{"loc":["body",1,"date"],"msg":"no day"},{"loc":["body",0],"msg":"no row"},{"loc":["query","x"],"msg":"unknown"}]})"},
      "a.csv", &batch);
  BOOST_TEST(got == (lines{"the server answered 422", "a.csv:9: date: no day", "a.csv:4: 0: no row",
                           "a.csv: x: unknown"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_reason_in_words_is_part_of_the_first_line) {
  const auto got = refusal_lines({403, R"({"detail":"needs \u001bwrite"})"}, "a.csv", nullptr);
  BOOST_TEST(got == lines{"the server answered 403: needs \\u001bwrite"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_that_lead_nowhere_are_told_without_a_line) {
  const auto batch = batch_of_lines({4});
  const auto got = refusal_lines(
      {422,
       R"({"detail":[{"loc":["body",1,"date"]},{"loc":["body",-1]},{"loc":"body"},{"loc":[]},7,null]})"},
      "a.csv", &batch);
  BOOST_TEST(got == (lines{"the server answered 422", "a.csv: date: null", "a.csv: -1: null",
                           "a.csv: : null", "a.csv: : null", "a.csv: : null", "a.csv: : null"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_answer_that_says_nothing_is_its_status) {
  for (const auto& body : {std::string{}, std::string("{\"detail\":["), std::string("[]"),
                           std::string(R"({"detail":{}})"), std::string(3'000'000, '{')}) {
    const auto got = refusal_lines({502, body}, "a.csv", nullptr);
    BOOST_TEST(got == lines{"the server answered 502"}, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
