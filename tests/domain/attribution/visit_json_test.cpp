#include "account.hpp"
#include "domain/attribution/visit_json.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::faults_of;

namespace {

std::string first_fault(const result<visit>& read) {
  return read ? "" : faults_of(read.error()).front();
}

std::string first_fault(const result<visit_batch>& read) {
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

BOOST_AUTO_TEST_CASE(one_visit_and_a_batch_are_told_apart) {
  const auto single = parse_visits(R"({"url":"u","x":1})");
  BOOST_REQUIRE(single);
  BOOST_TEST(!single->is_batch);
  BOOST_REQUIRE(single->visits.size() == 1U);
  BOOST_TEST(single->visits[0]->url == "u");
  BOOST_TEST(single->ignored_fields == std::vector<std::string>{"x"},
             boost::test_tools::per_element());
  const auto none = parse_visits(R"({"visits":[]})");
  BOOST_REQUIRE(none);
  BOOST_TEST((none->is_batch && none->visits.empty()));
  const auto many = parse_visits(R"({"y":[{"url":"no"}],"visits":[{"url":"a"},{"url":"b",
      "session":{}}],"url":5})");
  BOOST_REQUIRE(many);
  BOOST_REQUIRE(many->visits.size() == 2U);
  BOOST_TEST(many->visits[1]->url == "b");
  BOOST_TEST(many->visits[1]->session.has_value());
  BOOST_TEST(many->ignored_fields == std::vector<std::string>{"y"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_bad_visit_of_a_batch_is_an_error_in_its_place) {
  const auto read = parse_visits(R"({"visits":[{"url":"a"},5,null,[{"url":"x"}],"s",{},
      {"url":"b","k":1e400},{"url":"c","url":"c"},1e400,{"url":"d"}]})");
  BOOST_REQUIRE(read);
  std::vector<std::string> found;
  for (const auto& each : read->visits)
    found.push_back(each ? each->url : faults_of(each.error()).front());
  BOOST_TEST(found == (std::vector<std::string>{"a", "body: dict_type", "body: dict_type",
                                                "body: dict_type", "body: dict_type",
                                                "body.url: missing", "body.k: value_error",
                                                "body.url: value_error", "body: dict_type", "d"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(faults_of_the_batch_itself_fail_it) {
  BOOST_TEST(first_fault(parse_visits(R"({"visits":5})")) == "body.visits: list_type");
  BOOST_TEST(first_fault(parse_visits(R"({"visits":null})")) == "body.visits: list_type");
  BOOST_TEST(first_fault(parse_visits(R"({"visits":{"url":"u"}})")) == "body.visits: list_type");
  BOOST_TEST(first_fault(parse_visits(R"({"visits":[],"visits":[]})")) ==
             "body.visits: value_error");
  BOOST_TEST(first_fault(parse_visits(R"({"visits":[],"x":1e400})")) == "body.x: value_error");
  const auto array = parse_visits(R"([{"url":"u"}])");
  BOOST_REQUIRE(array); // one visit, which is none
  BOOST_TEST(first_fault(array->visits.at(0)) == "body: dict_type");
  BOOST_TEST((parse_visits("{").error().code == errc::bad_request));
}

BOOST_AUTO_TEST_CASE(ten_thousand_visits_are_a_batch_and_one_more_is_too_large) {
  const auto body = [](std::size_t count) {
    std::string json = R"({"visits":[)";
    for (std::size_t i = 0; i < count; ++i)
      json += (i > 0 ? "," : "") + std::string(R"({"url":"u"})");
    return json + "]}";
  };
  BOOST_TEST(parse_visits(body(default_max_visits))->visits.size() == default_max_visits);
  const auto over = parse_visits(body(default_max_visits + 1));
  BOOST_TEST((!over && over.error().code == errc::payload_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
