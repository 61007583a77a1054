#include "http/server/answer.hpp"
#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {

BOOST_AUTO_TEST_SUITE(answers)

BOOST_AUTO_TEST_CASE(a_success_has_its_data_and_perhaps_more) {
  BOOST_TEST(success("[1]").body == R"({"success":true,"data":[1]})");
  const auto with_meta = success("null", R"({"a":1})", 202);
  BOOST_TEST(with_meta.body == R"({"success":true,"data":null,"meta":{"a":1}})");
  BOOST_TEST(with_meta.status == 202);
  BOOST_TEST(with_meta.content_type == "application/json");
}

BOOST_AUTO_TEST_CASE(no_content_is_neither_text_nor_type) {
  const auto got = no_content();
  BOOST_TEST(got.status == 204);
  BOOST_TEST((got.body.empty() && got.content_type.empty()));
  BOOST_TEST(sent().is_sent);
}

BOOST_AUTO_TEST_CASE(a_value_that_would_split_the_answer_is_left_out) {
  auto got = plain("x").with("Location", "/a").with("X-Bad", "a\r\nSet-Cookie: b");
  BOOST_TEST(got.fields == "Location: /a\r\n");
  BOOST_TEST(plain("x").with("X-Bad", std::string_view("a\0b", 3)).fields == "");
}

BOOST_AUTO_TEST_CASE(a_replay_is_told_only_where_it_is_one) {
  BOOST_TEST(plain("x").replayed(true).fields == "Idempotent-Replayed: true\r\n");
  BOOST_TEST(plain("x").replayed(false).fields == "");
}

BOOST_AUTO_TEST_CASE(a_version_takes_the_place_of_a_tag) {
  const auto got = plain("x").tagged("\"1\"").versioned(7, "json");
  BOOST_TEST(got.etag == "");
  BOOST_TEST(got.version == "7 json");
}

BOOST_AUTO_TEST_CASE(what_was_ignored_is_told_beside_the_point_of_time) {
  BOOST_TEST(ignored_meta({}) == "");
  BOOST_TEST(ignored_meta({"a\"b"}) == R"({"ignored_fields":["a\"b"]})");
  BOOST_TEST(ignored_meta({"a"}, R"({"version":1})") ==
             R"({"as_of":{"version":1},"ignored_fields":["a"]})");
}

BOOST_AUTO_TEST_CASE(an_answer_is_covered_once_and_by_no_more_than_its_share) {
  settings limits;
  limits.answer_memory = 2 * 1024 * 1024;
  testing::lone_exchange one(limits);
  one.x.charged_to = "account a";
  BOOST_TEST(one.x.cover_answer(900 * 1024).has_value());
  BOOST_TEST(one.x.cover_answer(900 * 1024).has_value()); // what grew is covered already
  BOOST_TEST((one.x.cover_answer(9 * 1024 * 1024).error().code == errc::validation_error)); // never
  BOOST_TEST(one.x.cover_answer(1000 * 1024).has_value()); // all of its share
  BOOST_TEST((one.x.reserve_body(1).has_value()));         // bodies have memory of their own
  BOOST_TEST(one.x.borrow_answer(100 * 1024).has_error()); // the account has no more
  one.x.release_memory();
  BOOST_TEST(one.x.borrow_answer(100 * 1024).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
