#include "tests/tools/canned_server.hpp"
#include "tests/tools/scratch.hpp"
#include "tools/snapshot/snapshot.hpp"

namespace headwater::tools {
namespace {

using testing::answer;
using testing::canned_server;

struct snapshot_run {
  int status = 0;
  std::string out, err;
};

snapshot_run against(const canned_server& server, int (*command)(const snapshot_options&)) {
  const testing::variable set{"HEADWATER_TOKEN", "hw_t"};
  snapshot_options with;
  with.url = server.url();
  const testing::captured_output output;
  const auto status = command(with);
  return {status, output.out(), output.err()};
}

const std::string made =
    R"({"name":"one","created_at":"2026-05-20T10:00:00Z","position":9,"bytes":100,"bytes_shared":40,"events":9,"streams":3,"manifest_sha256":"ab"})";
const std::string made_text = "one\nholds 9 events in 3 streams up to position 9\n"
                              "takes 100 bytes, 40 of them shared by hard links\n"
                              "MANIFEST.json has the SHA-256 ab\n";

std::string running(const std::string& since) {
  return R"({"state":"running","started_at":")" + since + R"("})";
}

std::string last(const std::string& attempt) {
  return answer(200, R"({"data":{"snapshots":[],"last_attempt":)" + attempt + "}}");
}

} // namespace

BOOST_AUTO_TEST_SUITE(snapshot_client)

BOOST_AUTO_TEST_CASE(a_snapshot_that_is_made_is_told) {
  const canned_server server({answer(201, R"({"data":{"state":"made","snapshot":)" + made + "}}")});
  const auto got = against(server, request_snapshot);
  BOOST_TEST(got.status == 0, got.err);
  BOOST_TEST(got.out == made_text);
  BOOST_TEST(server.requests().at(0).starts_with("POST /snapshots HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_CASE(one_that_takes_long_is_waited_for) {
  const canned_server server(
      {answer(202, R"({"data":)" + running("t1") + "}"),
       last(R"({"state":"made","started_at":"t1","snapshot":)" + made + "}")});
  const auto got = against(server, request_snapshot);
  BOOST_TEST(got.status == 0, got.err);
  BOOST_TEST(got.out == made_text);
}

BOOST_AUTO_TEST_CASE(one_that_failed_meanwhile_tells_why) {
  const canned_server server({answer(202, R"({"data":)" + running("t1") + "}"),
                              last(R"({"state":"failed","started_at":"t1","error":"disk full"})")});
  const auto got = against(server, request_snapshot);
  BOOST_TEST(got.status == 2);
  BOOST_TEST(got.err == "headwater: the snapshot was not made: disk full\n");
}

BOOST_AUTO_TEST_CASE(one_that_the_server_forgot_is_not_waited_for) {
  const canned_server server(
      {answer(202, R"({"data":)" + running("t1") + "}"), last(running("t2"))});
  const auto got = against(server, request_snapshot);
  BOOST_TEST(got.status == 2);
  BOOST_TEST(got.err.find("the server knows no more of the snapshot") != got.err.npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_1_and_trouble_is_2) {
  struct {
    int http_status;
    const char* body;
    int status;
    const char* why;
  } const rows[] = {
      {403, R"({"error":{"message":"needs\u001b admin"}})", 1, "403: needs\\u001b admin"},
      {404, "", 1, "404: no reason given"},
      {503, R"({"error":{"message":"busy"}})", 2, "503: busy"},
      {200, "", 2, "200: no reason given"},
      {200, R"({"data":)", 2, "200: no reason given"},
      {200, R"({"data":[]})", 2, "200: no reason given"},
      {500, R"({"error":{"message":7}})", 2, "500: no reason given"}};
  for (auto* command : {request_snapshot, request_snapshot_list})
    for (const auto& row : rows) {
      const canned_server server({answer(row.http_status, row.body)});
      const auto got = against(server, command);
      BOOST_TEST(got.status == row.status, row.why);
      BOOST_TEST(got.err == std::string("headwater: the server answered ") + row.why + "\n");
      BOOST_TEST(got.out == "");
    }
}

BOOST_AUTO_TEST_CASE(without_a_server_or_a_token_it_is_2) {
  const canned_server nobody({});
  BOOST_TEST(against(nobody, request_snapshot).status == 2);
  const testing::variable unset{"HEADWATER_TOKEN", nullptr};
  snapshot_options with;
  const testing::captured_output output;
  for (const auto* url : {"https://host", "host", "http://127.0.0.1:1"}) {
    with.url = url;
    BOOST_TEST(request_snapshot(with) == 2, url);
  }
  BOOST_TEST(output.err().ends_with("no token: set HEADWATER_TOKEN or give --token-file\n"));
}

BOOST_AUTO_TEST_CASE(a_list_has_a_line_each_and_the_last_failure) {
  const canned_server server({answer(
      200,
      R"({"data":{"snapshots":[)" + made +
          R"(,{"name":7,"bytes":"x"},null],"last_attempt":{"state":"failed","started_at":"t","error":"disk\u0007 full"}}})")});
  const auto got = against(server, request_snapshot_list);
  BOOST_TEST(got.status == 0);
  BOOST_TEST(got.out == "one  position 9  2026-05-20T10:00:00Z  100 bytes, 40 shared\n"
                        "7  position 0  null  0 bytes, 0 shared\n"
                        "null  position 0  null  0 bytes, 0 shared\n");
  BOOST_TEST(got.err == "headwater: the last attempt, of t, failed: disk\\u0007 full\n");
}

BOOST_AUTO_TEST_CASE(a_list_that_is_none_is_2) {
  const canned_server server({answer(200, R"({"data":{"snapshots":{}}})")});
  const auto got = against(server, request_snapshot_list);
  BOOST_TEST(got.status == 2);
  BOOST_TEST(got.err == "headwater: the server's answer has no list of snapshots\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
