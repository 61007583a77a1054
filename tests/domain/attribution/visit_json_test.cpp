#include "account.hpp"
#include "domain/attribution/visit_json.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::faults_of;

namespace {

std::string first_fault(const result<visit>& read) {
  return read ? "" : faults_of(read.error()).front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(visits)

BOOST_AUTO_TEST_CASE(a_visit_is_read_whole) {
  const auto read = parse_visit(R"({"session":{"utm_source":"s","utm_medium":"m","utm_campaign":"c",
      "utm_term":"t","utm_content":"o","id":5},"referrer":"https://r.com","url":"https://u.com",
      "other":{"deep":[1]}})");
  BOOST_REQUIRE(read);
  BOOST_TEST(
      (*read == visit{"https://u.com", "https://r.com", utm_values{"s", "m", "c", "t", "o"}}));
}

BOOST_AUTO_TEST_CASE(null_and_absent_mean_none) {
  const visit bare{"u", {}, {}};
  BOOST_TEST((parse_visit(R"({"url":"u"})").value() == bare));
  BOOST_TEST((parse_visit(R"({"url":"u","referrer":null,"session":null})").value() == bare));
  BOOST_TEST((parse_visit(R"({"url":"u","session":{}})").value() == visit{"u", {}, utm_values{}}));
  BOOST_TEST((parse_visit(R"({"url":"u","session":{"utm_source":null}})").value() ==
              visit{"u", {}, utm_values{}}));
}

BOOST_AUTO_TEST_CASE(a_referrer_that_is_no_text_counts_as_none) {
  for (std::string_view referrer : {"5", "true", "{}", "[\"https://r.com\"]", R"({"url":"x"})"}) {
    const auto read = parse_visit(R"({"referrer":)" + std::string(referrer) + R"(,"url":"u"})");
    BOOST_REQUIRE_MESSAGE(read, referrer);
    BOOST_TEST((!read->referrer && read->url == "u"), referrer);
  }
}

BOOST_AUTO_TEST_CASE(json_that_is_no_visit_names_its_fault) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"[]", "body: dict_type"},
      {"null", "body: dict_type"},
      {"5", "body: dict_type"},
      {R"([{"url":"u"}])", "body: dict_type"},
      {"{}", "body.url: missing"},
      {R"({"url":null})", "body.url: missing"},
      {R"({"url":5})", "body.url: string_type"},
      {R"({"url":["u"]})", "body.url: string_type"},
      {R"({"url":{"url":"u"}})", "body.url: string_type"},
      {R"({"url":"u","url":"u"})", "body.url: value_error"},
      {R"({"url":"u","x":1,"x":2})", "body.x: value_error"},
      {R"({"url":"u","x":1e400})", "body.x: value_error"},
      {R"({"url":"u","session":5})", "body.session: dict_type"},
      {R"({"url":"u","session":"s"})", "body.session: dict_type"},
      {R"({"url":"u","session":[]})", "body.session: dict_type"},
      {R"({"url":"u","session":{"utm_source":5}})", "body.session.utm_source: string_type"},
      {R"({"url":"u","session":{"utm_term":{}}})", "body.session.utm_term: string_type"},
      {R"({"url":"u","session":{"utm_term":"a","utm_term":"b"}})",
       "body.session.utm_term: value_error"},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST(first_fault(parse_visit(json)) == expected, json);
  const auto broken = parse_visit(R"({"url":"u")");
  BOOST_TEST((!broken && broken.error().code == errc::bad_request));
}

BOOST_AUTO_TEST_SUITE_END()
