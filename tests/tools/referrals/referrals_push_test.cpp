#include "tests/tools/canned_server.hpp"
#include "tests/tools/scratch.hpp"
#include "tools/referrals/referrals_push.hpp"

namespace headwater::tools {
namespace {

using testing::answer;
using testing::canned_server;
using testing::scratch;
using testing::variable;

constexpr std::string_view three_rows = "Date,Referrer,Page,Views\n"
                                        "2026-05-20,chatgpt.com,/,1\n"
                                        "2026-05-20,news.example,/,2\n"
                                        "2026-05-21,chatgpt.com,/,3\n";
constexpr std::string_view columns[] = {"Date=date", "Referrer=raw_referrer_value",
                                        "Page=raw_page_value", "Views=pageviews"};

const std::string active = answer(200, R"({"items":[{"id":"01c","status":"active"}]})");
const std::string no_list = answer(404, "");

/// One run, and what it printed.
struct push_run {
  int status = 0;
  std::string out, err;
};

push_options options(const std::string& file) {
  push_options out;
  out.file = file;
  out.brand = 7;
  out.connection = "01C";
  out.retries = 0;
  for (const auto each : columns)
    out.maps.emplace_back(each);
  return out;
}

push_run without_server(push_options with) {
  const variable unset{"HEADWATER_TOKEN", nullptr};
  with.dry_run = true;
  const testing::captured_output output;
  const auto status = referrals_push(with).run();
  return {status, output.out(), output.err()};
}

push_run against(const canned_server& server, push_options with) {
  const variable set{"HEADWATER_TOKEN", "hw_t"};
  with.url = server.url();
  const testing::captured_output output;
  const auto status = referrals_push(with).run();
  return {status, output.out(), output.err()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(referrals_push_runs)

BOOST_AUTO_TEST_CASE(a_dry_run_needs_no_server) {
  const scratch in;
  const auto got = without_server(options(in.file("a.csv", three_rows)));
  BOOST_TEST(got.status == 0);
  BOOST_TEST(got.out.find("3 rows read\n") != got.out.npos);
  BOOST_TEST(got.out.find("dry run, nothing sent: 3 rows in 1 batch: 2 accepted, 1 rejected\n") !=
             got.out.npos);
  BOOST_TEST(got.out.find("         1  news.example\n") != got.out.npos);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_table_is_refused) {
  const scratch in;
  for (const auto* text : {"", "\n\n", "# only a comment\n", "\xEF\xBB\xBF"}) {
    const auto got = without_server(options(in.file("a.csv", text)));
    BOOST_TEST(got.status == 1, text);
    BOOST_TEST(got.err.starts_with("headwater: " + in.path("a.csv") + ": "), got.err);
    BOOST_TEST(got.err.ends_with("; nothing was sent\n"), got.err);
    BOOST_TEST(got.out == "");
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_tried_is_2) {
  const scratch in;
  auto of = options(in.path("missing.csv"));
  BOOST_TEST(without_server(of).status == 2);
  of = options(in.file("a.csv", three_rows));
  of.maps = {"no equals sign"};
  BOOST_TEST(without_server(of).status == 2);
  of = options(in.path("a.csv"));
  of.date_format = "%Q";
  BOOST_TEST(without_server(of).status == 2);
  of = options(in.path("a.csv"));
  of.dry_run = false;
  const variable unset{"HEADWATER_TOKEN", nullptr};
  const testing::captured_output output;
  BOOST_TEST(referrals_push(of).run() == 2);
  BOOST_TEST(output.err().starts_with("headwater: no token"));
}

BOOST_AUTO_TEST_CASE(bad_rows_keep_all_from_being_sent_unless_they_are_skipped) {
  const scratch in;
  auto of = options(in.file("a.csv", std::string(three_rows) + "yesterday,chatgpt.com,/,4\n"));
  const auto refused = without_server(of);
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.err.find(in.path("a.csv") + ":5: Date: ") != refused.err.npos, refused.err);
  BOOST_TEST(refused.err.find("1 of 4 rows cannot be read; nothing was sent") != refused.err.npos);
  of.skip_bad = true;
  const auto taken = without_server(of);
  BOOST_TEST(taken.status == 0);
  BOOST_TEST(taken.out.find("4 rows read, 1 bad\n") != taken.out.npos, taken.out);
}

BOOST_AUTO_TEST_CASE(rows_are_sent_and_counted_as_the_server_does) {
  const scratch in;
  const canned_server server(
      {active, no_list, answer(200, R"({"accepted":2,"rejected":1,"deduplicated":1})")});
  const auto got = against(server, options(in.file("a.csv", three_rows)));
  BOOST_TEST(got.status == 0, got.err);
  BOOST_TEST(got.out.find("sent: 3 rows in 1 batch: 2 accepted (1 unchanged), 1 rejected\n") !=
             got.out.npos);
  const auto sent = server.requests();
  BOOST_REQUIRE(sent.size() == 3U);
  BOOST_TEST(sent[2].find(R"("raw_referrer_value":"news.example")") != sent[2].npos);
}

BOOST_AUTO_TEST_CASE(a_connection_that_takes_nothing_is_found_out_before_the_file_is_read) {
  const scratch in;
  const auto of = options(in.path("missing.csv"));
  struct {
    std::string connections;
    int status;
    const char* why;
  } const rows[] = {
      {answer(200, R"({"items":[{"id":"01C","status":"disabled"}]})"), 1, "is disabled"},
      {answer(200, R"({"items":[{"id":7},null,{}]})"), 1, "brand 7 has no connection 01C"},
      {answer(200, R"({"items":{}})"), 2, "is not one of Headwater"},
      {answer(200, R"({"items":[)"), 2, "is not one of Headwater"},
      {answer(200, ""), 2, "is not one of Headwater"},
      {answer(401, R"({"detail":"no token"})"), 1, "the server answered 401: no token"},
      {answer(500, "<html>"), 2, "the server answered 500\n"},
      {"", 2, "127.0.0.1:"}};
  for (const auto& row : rows) {
    const canned_server server({row.connections});
    const auto got = against(server, of);
    BOOST_TEST(got.status == row.status, row.why);
    BOOST_TEST(got.err.find(row.why) != got.err.npos, got.err);
  }
}

BOOST_AUTO_TEST_CASE(counts_that_do_not_add_up_are_no_answer) {
  const scratch in;
  for (const auto* body : {"", "{", "[]",
                           R"({"accepted":3})"
                           "x",
                           R"({"accepted":2,"rejected":2})", R"({"accepted":"3"})",
                           R"({"accepted":-3,"rejected":6})"}) {
    const canned_server server({active, no_list, answer(200, body)});
    const auto got = against(server, options(in.file("a.csv", three_rows)));
    BOOST_TEST(got.status == 2, body);
    BOOST_TEST(got.err.find("batch 1 (lines 2 to 4 of the file): the server's answer is not one "
                            "of Headwater\n") != got.err.npos,
               got.err);
    BOOST_TEST(got.err.find("0 rows were taken before") != got.err.npos);
  }
}

BOOST_AUTO_TEST_CASE(the_summary_as_json_is_there_whatever_happened) {
  const scratch in;
  auto of = options(in.path("missing.csv"));
  of.json = true;
  const auto got = without_server(of);
  BOOST_TEST(got.status == 2);
  BOOST_TEST(got.out.find(R"("complete":false,"failure":"cannot read )") != got.out.npos, got.out);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
