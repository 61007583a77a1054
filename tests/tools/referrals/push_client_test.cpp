#include "tests/tools/canned_server.hpp"
#include "tools/referrals/push_client.hpp"

namespace headwater::tools {
namespace {

using testing::answer;
using testing::canned_server;
using lines = std::vector<std::string>;

/// A client of a canned server, and what it told.
struct pushing {
  explicit pushing(std::vector<std::string> answers, unsigned retries = 2)
      : server(std::move(answers)),
        client({{"127.0.0.1", server.port(), ""}, "hw_t", 7, "01C"}, "run", retries,
               [this](const std::string& line) { told.push_back(line); }) {}

  [[nodiscard]] result<api_answer> push() {
    analytics_files::push_batch batch;
    batch.number = 3;
    batch.body = "{}\n";
    batch.lines = {1};
    return client.push(batch);
  }

  canned_server server;
  lines told;
  push_client client;
};

std::string key_of(const std::string& request) {
  const auto at = request.find("Idempotency-Key: ");
  return at == request.npos ? "" : request.substr(at, request.find('\r', at) - at);
}

} // namespace

BOOST_AUTO_TEST_SUITE(push_client_of_a_connection)

BOOST_AUTO_TEST_CASE(a_batch_goes_to_its_connection) {
  pushing one({answer(200, "{}")});
  BOOST_TEST(one.push().value().status == 200U);
  const auto sent = one.server.requests().at(0);
  BOOST_TEST(sent.starts_with("POST /v1/7/ai-referrals/connections/01C/events HTTP/1.1\r\n"));
  for (const auto* part : {"\r\nAuthorization: Bearer hw_t\r\n", "\r\nIdempotency-Key: run-3\r\n",
                           "\r\nContent-Type: application/x-ndjson\r\n", "\r\n\r\n{}\n"})
    BOOST_TEST(sent.find(part) != sent.npos, part);
  BOOST_TEST(one.client.retries() == 0U);
}

BOOST_AUTO_TEST_CASE(a_batch_that_met_a_busy_server_is_tried_again_under_its_key) {
  pushing one({answer(503, ""), answer(200, "{}")});
  BOOST_TEST(one.push().value().status == 200U);
  BOOST_TEST(one.client.retries() == 1U);
  const auto sent = one.server.requests();
  BOOST_REQUIRE(sent.size() == 2U);
  BOOST_TEST(key_of(sent[0]) == "Idempotency-Key: run-3");
  BOOST_TEST(key_of(sent[1]) == key_of(sent[0]));
  BOOST_REQUIRE(one.told.size() == 1U);
  BOOST_TEST(one.told[0].starts_with("batch 3: the server answered 503; trying again in 0."));
}

BOOST_AUTO_TEST_CASE(a_batch_whose_answer_was_lost_is_tried_again) {
  pushing one({"", answer(200, "{}")});
  BOOST_TEST(one.push().value().status == 200U);
  BOOST_TEST(one.client.retries() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final) {
  for (const int status : {400, 401, 403, 404, 409, 413, 422, 500}) {
    pushing one({answer(status, "")});
    BOOST_TEST(one.push().value().status == static_cast<unsigned>(status));
    BOOST_TEST(one.client.retries() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(the_last_answer_counts_where_retries_are_used_up) {
  pushing one({answer(503, ""), answer(429, "")}, 1);
  BOOST_TEST(one.push().value().status == 429U);
  BOOST_TEST(one.client.retries() == 1U);
  pushing none({""}, 0);
  BOOST_TEST((none.push().error().code == errc::io_failed));
}

BOOST_AUTO_TEST_CASE(a_server_that_asks_for_more_than_ten_minutes_is_not_waited_for) {
  pushing one({answer(503, "", "Retry-After: 601\r\n")});
  BOOST_TEST(one.push().value().status == 503U);
  BOOST_TEST(one.told.empty());
}

BOOST_AUTO_TEST_CASE(a_question_is_not_tried_again_where_nobody_answers) {
  pushing one({""});
  const auto got = one.client.get("connections");
  BOOST_REQUIRE(got.has_error());
  BOOST_TEST((got.error().code == errc::io_failed));
  BOOST_TEST(one.client.retries() == 0U);
  BOOST_TEST(
      one.server.requests().at(0).starts_with("GET /v1/7/ai-referrals/connections HTTP/1.1\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::tools
