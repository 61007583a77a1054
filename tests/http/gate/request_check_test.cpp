#include "http/gate/request_check.hpp"
#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {
namespace {

using testing::lone_exchange;

/// The places of the faults that are told together.
std::vector<std::string> places(request_check& check) {
  std::vector<std::string> out;
  const auto verdict = check.verdict();
  if (!verdict) {
    BOOST_TEST((verdict.error().code == errc::validation_error));
    for (const auto& each : verdict.error().faults)
      out.push_back(to_string(each.at) + " " + each.type);
  }
  return out;
}

using texts = std::vector<std::string>;

request_head with(std::vector<header_field> fields) {
  request_head out;
  out.fields = std::move(fields);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_checks)

BOOST_AUTO_TEST_CASE(without_faults_the_verdict_is_good) {
  lone_exchange one;
  one.ask("/rules", "account_id=acme&all=yes&limit=7&mode=b&from=2026-05-20T10:00:00Z&as_of=3");
  one.x.match.params[0] = "42";
  request_check check(one.x);
  BOOST_TEST(check.id(0, "id") == 42);
  BOOST_TEST(check.account_id() == "acme");
  BOOST_TEST(check.boolean("all", false));
  BOOST_TEST(check.integer("limit", 1, 10).value() == 7);
  BOOST_TEST(check.choice("mode", {"a", "b"}, "a") == "b");
  BOOST_TEST(check.time("from").value() == parse_rfc3339("2026-05-20T10:00:00Z").value());
  BOOST_TEST(check.point("as_of").value().version.value() == 3U);
  BOOST_TEST(check.verdict().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_absent_is_what_the_caller_says) {
  lone_exchange one;
  one.ask("/rules");
  request_check check(one.x);
  BOOST_TEST(check.boolean("all", true));
  BOOST_TEST(!check.integer("limit", 1, 10).has_value());
  BOOST_TEST(check.choice("mode", {"a", "b"}, "a") == "a");
  BOOST_TEST(!check.time("from").has_value());
  BOOST_TEST(!check.point("as_of").has_value());
  BOOST_TEST(!check.idempotency_key().has_value());
  BOOST_TEST(check.verdict().has_value());
}

BOOST_AUTO_TEST_CASE(all_faults_are_told_together) {
  lone_exchange one;
  one.ask("/rules", "all=maybe&limit=11&mode=c&from=yesterday&as_of=-1");
  one.x.match.params[0] = "seven";
  one.x.head.fields = {{"idempotency-key", "a b"}};
  request_check check(one.x);
  BOOST_TEST(check.id(0, "id") == -1);
  BOOST_TEST(check.account_id() == "");
  BOOST_TEST(!check.boolean("all", false));
  BOOST_TEST(!check.integer("limit", 1, 10).has_value());
  BOOST_TEST(check.choice("mode", {"a", "b"}, "a") == "a");
  BOOST_TEST(!check.time("from").has_value());
  BOOST_TEST(!check.point("as_of").has_value());
  BOOST_TEST(!check.idempotency_key().has_value());
  check.add({location{"query", "own"}, "m", "own"});
  const auto got = places(check);
  BOOST_TEST(got.size() == 9U);
  BOOST_TEST(got.front() == "path.id int_parsing");
  BOOST_TEST(got[1] == "query.account_id missing");
  BOOST_TEST(got[4] == "query.mode enum");
  BOOST_TEST(got[7] == "header.Idempotency-Key value_error");
  BOOST_TEST(got.back() == "query.own own");
}

BOOST_AUTO_TEST_CASE(an_id_that_no_64_bits_hold_matches_nothing) {
  lone_exchange one;
  one.x.match.params[0] = "99999999999999999999";
  request_check check(one.x);
  BOOST_TEST(check.id(0, "id") == -1);
  BOOST_TEST(check.verdict().has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_account_is_none) {
  lone_exchange one;
  one.ask("/rules", "account_id=");
  request_check check(one.x);
  BOOST_TEST(check.account_id() == "");
  BOOST_TEST(places(check) == texts{"query.account_id string_too_short"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_has_1_to_255_visible_characters) {
  const std::string longest(255, 'k'), too_long(256, 'k');
  for (const std::string_view good : {std::string_view("k"), std::string_view(longest)}) {
    lone_exchange one;
    one.x.head.fields = {{"idempotency-key", good}};
    request_check check(one.x);
    BOOST_TEST(check.idempotency_key().value() == good);
  }
  for (const std::string_view bad :
       {std::string_view(""), std::string_view(too_long), std::string_view("a\tb"),
        std::string_view("\x7f"), std::string_view("\xC3\xA4")}) {
    lone_exchange one;
    one.x.head.fields = {{"idempotency-key", bad}};
    request_check check(one.x);
    BOOST_TEST(!check.idempotency_key().has_value());
    BOOST_TEST(!check.verdict().has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(strict_handling_is_asked_for_among_other_preferences) {
  for (const auto* good : {"handling=strict", "return=minimal, Handling=Strict; x=1",
                           "handling=\"strict\"", "a;handling=lenient , handling=strict"})
    BOOST_TEST(wants_strict(with({{"prefer", good}})), good);
  for (const auto* bad :
       {"", "handling=lenient", "return=minimal;handling=strict", "strict", "handling = strict"})
    BOOST_TEST(!wants_strict(with({{"prefer", bad}})), bad);
  BOOST_TEST(wants_strict(with({{"prefer", "a"}, {"prefer", "handling=strict"}})));
  BOOST_TEST(!wants_strict(with({{"accept", "handling=strict"}})));
}

BOOST_AUTO_TEST_CASE(the_first_type_that_is_accepted_counts) {
  BOOST_TEST(accepted_type(with({{"accept", " Text/Event-Stream ; q=1, a/b"}})) ==
             "text/event-stream");
  BOOST_TEST(accepted_type(with({})) == "");
  BOOST_TEST(wants_csv(with({{"accept", "application/json;q=0.1"}, {"accept", "text/csv"}})));
  BOOST_TEST(!wants_csv(with({})));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
