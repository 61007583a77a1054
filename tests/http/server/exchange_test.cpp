#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {
namespace {

using testing::lone_exchange;
using testing::run;

std::string secret_in(std::vector<header_field> fields) {
  lone_exchange one;
  one.x.head.fields = std::move(fields);
  const auto got = one.x.credentials();
  return got ? std::string(*got) : "none";
}

std::string tag_of(lone_exchange& one, std::string_view path, std::string_view query,
                   std::uint64_t version, std::string_view type = "application/json") {
  one.ask(path, query);
  one.x.announce(plain("", 200, type).versioned(version));
  return one.x.out.etag;
}

} // namespace

BOOST_AUTO_TEST_SUITE(exchanges)

BOOST_AUTO_TEST_CASE(a_secret_is_a_bearer_token_or_a_key) {
  BOOST_TEST(secret_in({}) == "none");
  BOOST_TEST(secret_in({{"authorization", "Bearer hw_a"}}) == "hw_a");
  BOOST_TEST(secret_in({{"authorization", "bEARER   hw_a"}}) == "hw_a");
  BOOST_TEST(secret_in({{"authorization", "Bearer "}}) == "");
  BOOST_TEST(secret_in({{"x-api-key", "hw_b"}}) == "hw_b");
  BOOST_TEST(secret_in({{"x-api-key", "hw_b"}, {"authorization", "Bearer hw_a"}}) == "hw_a");
  for (const auto* other : {"Basic aGk6", "Bearer", "Bearerhw_a", "Bearer\thw_a", "MyBearer hw_a"})
    BOOST_TEST(secret_in({{"authorization", other}, {"x-api-key", "hw_b"}}) == "hw_b", other);
}

BOOST_AUTO_TEST_CASE(a_client_behind_trusted_proxies_alone_is_told_by_their_header) {
  settings with;
  with.trusted_proxies = network_set({*parse_network("10.0.0.0/8")});
  lone_exchange one(with);
  one.x.head.fields = {
      {"x-forwarded-for", "198.51.100.7"}, {"a", "b"}, {"x-forwarded-for", "10.0.0.2"}};
  const auto counted_text = [](const char* text) { return counted(asio::ip::make_address(text)); };
  one.x.peer = asio::ip::make_address("10.0.0.1");
  BOOST_TEST((one.x.client() == counted_text("198.51.100.7")));
  one.x.peer = asio::ip::make_address("203.0.113.1");
  BOOST_TEST((one.x.client() == counted_text("203.0.113.1")));
  one.x.head.fields.clear();
  one.x.peer = asio::ip::make_address("10.0.0.1");
  BOOST_TEST((one.x.client() == counted_text("10.0.0.1")));
}

BOOST_AUTO_TEST_CASE(a_media_type_has_no_parameters) {
  lone_exchange one;
  BOOST_TEST(one.x.media_type() == "");
  one.x.head.fields = {{"content-type", " Text/CSV ; charset=utf-8"}};
  BOOST_TEST(one.x.media_type() == "Text/CSV");
}

BOOST_AUTO_TEST_CASE(a_secret_is_hashed_as_it_is_now) {
  lone_exchange one;
  for (const std::string_view secret : {"a", "a", "b", "", "a"})
    BOOST_TEST((one.x.hash_of(secret) == sha256({secret})), secret);
}

BOOST_AUTO_TEST_CASE(memory_of_bodies_and_answers_is_counted_apart_and_for_each) {
  settings limits;
  limits.body_memory = 3200 * 1024;
  limits.answer_memory = 400 * 1024;
  lone_exchange one(limits);
  one.x.charged_to = "account a";
  BOOST_TEST(one.x.reserve_body(1400 * 1024).has_value());
  BOOST_TEST(one.x.reserve_body(uncounted_body_bytes).has_value());
  BOOST_TEST(one.x.reserve_body(200 * 1024).has_value());
  BOOST_TEST(
      (one.x.reserve_body(uncounted_body_bytes + 1).error().code == errc::service_unavailable));
  BOOST_TEST(one.x.reserve_body(uncounted_body_bytes).has_value()); // small ones are not counted
  BOOST_TEST(one.x.cover_answer(200 * 1024).has_value());
  one.x.charged_to = "account b"; // of the other half, a sixteenth of all
  BOOST_TEST(one.x.reserve_body(200 * 1024).has_value());
  BOOST_TEST(!one.x.reserve_body(100 * 1024).has_value());
  one.x.release_memory();
  one.x.charged_to = "account a";
  BOOST_TEST(one.x.reserve_body(200 * 1024).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_borrowed_goes_back_with_its_last_copy) {
  settings limits;
  limits.answer_memory = 400 * 1024;
  lone_exchange one(limits);
  auto all = one.x.borrow_answer(1 << 30); // more than one may have counts as that
  BOOST_REQUIRE(all.has_value());
  BOOST_TEST(one.x.borrow_answer(100 * 1024).has_error());
  all->reset();
  BOOST_TEST(one.x.borrow_answer(100 * 1024).has_value());
}

BOOST_AUTO_TEST_CASE(a_tag_is_of_one_version_query_and_form) {
  lone_exchange one;
  const auto first = tag_of(one, "/rules", "account_id=a", 7);
  BOOST_TEST(first.starts_with("\"7-"));
  BOOST_TEST(first.size() == 20U);
  BOOST_TEST(tag_of(one, "/api/v1/rules/", "account_id=a", 7) == first);
  BOOST_TEST(tag_of(one, "/rules", "account_id=b", 7) != first);
  BOOST_TEST(tag_of(one, "/rules/x", "account_id=a", 7) != first);
  BOOST_TEST(tag_of(one, "/rules", "account_id=a", 8) != first);
  BOOST_TEST(tag_of(one, "/rules", "account_id=a", 7, "text/csv") != first);
}

BOOST_AUTO_TEST_CASE(an_announced_head_keeps_what_every_answer_has) {
  lone_exchange one;
  one.x.out.fields = "Common: 1\r\nOf: before\r\n";
  one.x.common_fields = 11;
  one.x.announce(plain("", 201, "text/csv").with("Own", "2").tagged("\"t\""));
  BOOST_TEST(one.x.out.status == 201);
  BOOST_TEST(one.x.out.content_type == "text/csv");
  BOOST_TEST(one.x.out.fields == "Common: 1\r\nOwn: 2\r\n");
  BOOST_TEST(one.x.out.etag == "\"t\"");
}

BOOST_AUTO_TEST_CASE(an_end_without_pieces_is_a_whole_answer) {
  lone_exchange one;
  const auto whole = run(one.x.finish("all"));
  BOOST_TEST(whole.body == "all");
  BOOST_TEST(!whole.is_sent);
  BOOST_TEST(one.pieces.empty());
}

BOOST_AUTO_TEST_CASE(an_end_behind_pieces_is_the_last_one) {
  lone_exchange one;
  one.pieces = {"first"};
  BOOST_TEST(run(one.x.finish("rest")).is_sent);
  BOOST_TEST(one.pieces == (std::vector<std::string>{"first", "rest"}),
             boost::test_tools::per_element());
  BOOST_TEST(run(one.x.finish("")).is_sent);
  BOOST_TEST(one.pieces.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
