#include "http/server/metrics.hpp"
#include "http/server/response.hpp"

#include <boost/test/unit_test.hpp>

namespace headwater::http {
namespace {

std::string head_of(const response& from, body_framing framing = body_framing::length,
                    bool close = false, unsigned version = 11) {
  std::string out;
  append_head(out, from, "id", "DATE", framing, close, version);
  return out;
}

bool has_line(const std::string& head, const std::string& line) {
  return head.find("\r\n" + line + "\r\n") != head.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(responses)

BOOST_AUTO_TEST_CASE(a_shared_body_is_sent_in_the_form_that_was_chosen) {
  response from;
  from.shared = std::make_shared<const shared_body>(std::string(5'000, 'x'));
  BOOST_TEST(from.payload() == std::string(5'000, 'x'));
  BOOST_TEST(has_line(head_of(from), "Content-Length: 5000"));
  from.coding = body_coding::gzip;
  BOOST_TEST(from.payload() == from.shared->gzip());
  BOOST_TEST(
      has_line(head_of(from), "Content-Length: " + std::to_string(from.shared->gzip().size())));
  from.clear();
  BOOST_TEST(from.payload() == "");
}

BOOST_AUTO_TEST_CASE(what_was_packed_ahead_is_sent_as_it_is) {
  response from;
  from.shared = std::make_shared<const shared_body>(packed_bytes{"plain", "gz", "b"});
  BOOST_TEST(from.payload() == "plain");
  from.coding = body_coding::gzip;
  BOOST_TEST(from.payload() == "gz");
  from.coding = body_coding::brotli;
  BOOST_TEST(from.payload() == "b");
  BOOST_TEST(has_line(head_of(from), "Content-Encoding: br"));
  BOOST_TEST(has_line(head_of(from), "Content-Length: 1"));
}

BOOST_AUTO_TEST_CASE(what_never_changes_is_kept_for_a_year) {
  response from;
  from.etag = "\"1\"";
  from.is_immutable = true;
  BOOST_TEST(has_line(head_of(from), "Cache-Control: public, max-age=31536000, immutable"));
  from.etag.clear(); // an error in its place
  BOOST_TEST(has_line(head_of(from), "Cache-Control: no-store"));
}

BOOST_AUTO_TEST_CASE(a_head_has_what_every_answer_has) {
  response from;
  from.body = "12345";
  BOOST_TEST(head_of(from) == "HTTP/1.1 200 OK\r\nDate: DATE\r\nContent-Type: application/json\r\n"
                              "X-Request-ID: id\r\nCache-Control: no-store\r\n"
                              "X-Content-Type-Options: nosniff\r\nContent-Length: 5\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(only_answers_over_tls_ask_for_tls) {
  response from;
  const auto* line = "Strict-Transport-Security: max-age=31536000";
  BOOST_TEST(!has_line(head_of(from), line));
  from.is_over_tls = true;
  from.clear();
  BOOST_TEST(has_line(head_of(from), line));
  BOOST_TEST(has_line(head_of(from), "X-Content-Type-Options: nosniff"));
}

BOOST_AUTO_TEST_CASE(what_has_no_body_has_no_length_and_no_type) {
  for (const unsigned short status : {204, 304}) {
    response from;
    from.status = status;
    from.coding = body_coding::gzip;
    const auto head = head_of(from);
    for (const auto* field : {"\r\nContent-Length:", "\r\nContent-Type:", "\r\nContent-Encoding:"})
      BOOST_TEST(head.find(field) == head.npos, field);
  }
}

BOOST_AUTO_TEST_CASE(what_has_a_tag_may_be_kept_and_is_asked_for_again) {
  response from;
  from.etag = "\"1\"";
  BOOST_TEST(has_line(head_of(from), "ETag: \"1\""));
  BOOST_TEST(has_line(head_of(from), "Cache-Control: no-cache"));
  from.is_private = true;
  BOOST_TEST(has_line(head_of(from), "Cache-Control: private, no-cache"));
}

BOOST_AUTO_TEST_CASE(each_framing_is_told_in_its_way) {
  response from;
  BOOST_TEST(has_line(head_of(from, body_framing::chunked), "Transfer-Encoding: chunked"));
  BOOST_TEST(head_of(from, body_framing::chunked).find("Content-Length") == std::string::npos);
  const auto until_close = head_of(from, body_framing::until_close, true, 10);
  BOOST_TEST(until_close.find("Content-Length") == until_close.npos);
  BOOST_TEST(has_line(until_close, "Connection: close"));
}

BOOST_AUTO_TEST_CASE(a_connection_of_1_0_is_told_that_it_is_kept) {
  const response from;
  BOOST_TEST(has_line(head_of(from, body_framing::length, false, 10), "Connection: keep-alive"));
  BOOST_TEST(head_of(from).find("Connection:") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(headers_that_the_answer_depends_on_are_one_list) {
  response from;
  from.vary = "Accept, Accept-Encoding";
  BOOST_TEST(head_of(from).find("Vary:") == std::string::npos); // it is not stored
  from.varies_by_origin = true;
  BOOST_TEST(has_line(head_of(from), "Vary: Origin"));
  from.etag = "\"1\"";
  BOOST_TEST(has_line(head_of(from), "Vary: Accept, Accept-Encoding, Origin"));
  from.varies_by_origin = false;
  BOOST_TEST(has_line(head_of(from), "Vary: Accept, Accept-Encoding"));
}

BOOST_AUTO_TEST_CASE(a_cleared_answer_is_as_new) {
  response used;
  used.status = 500;
  used.content_type = {};
  used.add("A", "b");
  used.vary = "Accept";
  used.varies_by_origin = true;
  used.etag = "\"1\"";
  used.is_private = used.is_immutable = true;
  used.coding = body_coding::gzip;
  used.body = "x";
  used.clear();
  BOOST_TEST(head_of(used) == head_of(response{}));
}

BOOST_AUTO_TEST_CASE(every_status_that_is_counted_has_a_phrase) {
  for (const auto status : counted_statuses)
    BOOST_TEST(reason_phrase(status) != "", status);
  BOOST_TEST(reason_phrase(299) == "");
}

BOOST_AUTO_TEST_CASE(a_date_is_in_the_fixed_form) {
  BOOST_TEST(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  BOOST_TEST(http_date(951'782'400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
