#include "domain/resolve/input/visit_json.hpp"
#include "tests/domain/rules/account.hpp"

using namespace headwater;
using namespace headwater::attribution;
using test::faults_of;

namespace {

using names = std::vector<std::string>;

std::string first_fault(const result<sent_visit>& read) {
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

BOOST_AUTO_TEST_CASE(members_that_nobody_reads_are_named_or_refused) {
  constexpr auto text = R"({"referer":{"url":[1]},"session":{"source":"s","utm_term":"t",
      "deep":{"a":1,"a":2}},"url":"u","draft":{},"visits":[]})";
  const auto read = parse_visit(text);
  BOOST_REQUIRE(read);
  BOOST_TEST((*read == visit{"u", {}, utm_values{{}, {}, {}, "t", {}}}));
  BOOST_TEST(read->ignored_fields ==
                 (names{"referer", "draft", "visits", "session.source", "session.deep"}),
             boost::test_tools::per_element());
  BOOST_TEST(faults_of(parse_visit(text, true).error()) ==
                 (names{"body.referer: extra_forbidden", "body.draft: extra_forbidden",
                        "body.visits: extra_forbidden", "body.session.source: extra_forbidden",
                        "body.session.deep: extra_forbidden"}),
             boost::test_tools::per_element());
  BOOST_TEST(first_fault(parse_visit(R"({"x":1})", true)) == "body.url: missing");
  BOOST_TEST(
      parse_visit(R"({"url":"u","referrer":null,"session":{"utm_term":"t"}})", true).has_value());
  BOOST_TEST(parse_visit(R"({"url":"u","session":null})")->ignored_fields.empty());
}

BOOST_AUTO_TEST_CASE(names_and_faults_of_a_visit_are_a_hundred_at_most) {
  std::string many, again, wrong;
  for (int i = 0; i < 300; ++i) {
    many += R"(,"a)" + std::to_string(i) + R"(":1)";
    again += R"(,"x":1)";
    wrong += R"(,"url":5)";
  }
  const std::string start = R"({"url":"u")";
  const auto read = parse_visit(start + many + R"(,"session":{"source":"s"}})");
  BOOST_REQUIRE(read);
  BOOST_TEST(read->ignored_fields.size() == max_told_faults);
  BOOST_TEST((read->ignored_fields[0] == "a0" && read->ignored_fields[99] == "a99"));
  for (const auto& text : {start + many + "}", start + again + many + "}", start + wrong + "}"})
    BOOST_TEST(parse_visit(text, true).error().faults.size() == max_told_faults);
  const std::string shown = std::string(128, 'k') + "...";
  const auto key = R"(")" + std::string(1000, 'k');
  const auto long_ones =
      parse_visit(start + "," + key + R"(":1,)" + key + R"(k":2,"session":{)" + key + R"(":3}})");
  BOOST_REQUIRE(long_ones);
  BOOST_TEST(long_ones->ignored_fields == (names{shown, "session." + shown}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_stands_under_a_key_for_the_second_time_is_not_read) {
  const std::pair<std::string_view, names> cases[] = {
      {R"({"url":"u","url":5})", {"body.url: value_error"}},
      {R"({"url":"u","url":null})", {"body.url: value_error"}},
      {R"({"url":"u","session":{},"session":{"utm_term":5,"x":1}})", {"body.session: value_error"}},
      {R"({"url":"u","session":{"utm_term":null,"utm_term":5}})",
       {"body.session.utm_term: value_error"}},
      {R"({"url":"u","session":{"x":1,"x":2}})", {"body.session.x: value_error"}},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST(faults_of(parse_visit(json).error()) == expected,
               json << boost::test_tools::per_element());
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
