// What of a gate needs no service: its input, and what is judged by the token alone. The ways
// through are in tests/e2e, test_gates.py and test_auth.py.

#include "http/gate/gate.hpp"
#include "http/gate/origin.hpp"
#include "http/gate/questions.hpp"
#include "tests/http/server/lone_exchange.hpp"

namespace headwater::http {
namespace {

using testing::lone_exchange;

actors::token_ptr token_of(accounts::scope_set scopes, accounts::account_list of) {
  accounts::api_token out;
  out.id = 7;
  out.scopes = scopes;
  out.accounts = std::move(of);
  return std::make_shared<actors::token_entry>(std::move(out));
}

template <class Gate>
gate_input input_of(const Gate& gate, std::string_view query, std::string_view first,
                    std::size_t faults = 0) {
  lone_exchange one;
  one.ask("/any", query);
  one.x.match.params[0] = first;
  request_check check(one.x);
  auto out = read_gate(gate, check);
  const auto verdict = check.verdict();
  BOOST_TEST((verdict ? 0 : verdict.error().faults.size()) == faults);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gates)

BOOST_AUTO_TEST_CASE(an_account_is_named_by_the_query_or_by_the_path) {
  BOOST_TEST(input_of(account(access::read), "account_id=acme", "path").account_id == "acme");
  BOOST_TEST(
      input_of(account(access::read, account_in::path), "account_id=acme", "path").account_id ==
      "path");
  BOOST_TEST(input_of(known(access::read), "account_id=acme", "path").account_id == "path");
  BOOST_TEST(input_of(account(access::read), "", "path", 1).account_id == "");
}

BOOST_AUTO_TEST_CASE(a_brand_is_a_number_in_the_path) {
  BOOST_TEST(input_of(brand(access::read), "", "12").brand_id == 12);
  BOOST_TEST(input_of(connection(access::write), "", "12").brand_id == 12);
  BOOST_TEST(input_of(brand(access::read), "", "twelve", 1).brand_id == -1);
}

BOOST_AUTO_TEST_CASE(who_is_open_to_all_reads_nothing) {
  BOOST_TEST(input_of(anyone, "account_id=", "x").account_id == "");
}

BOOST_AUTO_TEST_CASE(an_operator_is_an_admin_of_all_accounts) {
  BOOST_TEST(
      check_operator(token_of(accounts::scopes_of(accounts::role::admin), {true, {}})).has_value());
  BOOST_TEST(
      (check_operator(token_of(accounts::scopes_of(accounts::role::admin), {false, {"acme"}}))
           .error()
           .code == errc::forbidden));
  const accounts::scope_set reads{accounts::scope::read};
  BOOST_TEST((check_operator(token_of(reads, {true, {}})).error().code == errc::forbidden));
}

BOOST_AUTO_TEST_CASE(a_token_holds_until_it_is_revoked) {
  lone_exchange one;
  BOOST_TEST(still_valid(one.x).has_value()); // nobody came in
  const auto revoked = std::make_shared<std::atomic<bool>>(false);
  one.x.caller_is_revoked = revoked;
  BOOST_TEST(still_valid(one.x).has_value());
  *revoked = true;
  BOOST_TEST((still_valid(one.x).error().code == errc::unauthorized));
  BOOST_TEST((lost_access(one.x).value().code == errc::unauthorized));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(questions)

BOOST_AUTO_TEST_CASE(a_change_without_an_answer_may_have_been_made) {
  using enum ask_failure;
  for (const auto why : {timed_out, stopping}) {
    BOOST_TEST((to_error(why, intent::write).code == errc::outcome_unknown));
    BOOST_TEST((to_error(why, intent::read).code == errc::service_unavailable));
  }
  for (const auto what : {intent::read, intent::write}) // it was never taken
    BOOST_TEST((to_error(receiver_down, what).code == errc::service_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(origins)

BOOST_AUTO_TEST_CASE(a_retry_may_spell_the_path_otherwise) {
  lone_exchange one, other;
  one.ask("/api/v1/rules/import/", "account_id=a");
  other.ask("/rules/import", "account_id=a");
  BOOST_TEST(request_line(one.x) == request_line(other.x));
  BOOST_TEST(request_line(one.x) == std::string("GET\0/rules/import?account_id=a\0", 31));
}

BOOST_AUTO_TEST_CASE(the_fingerprint_is_that_of_method_target_and_body) {
  const auto who = token_of({}, {});
  lone_exchange one;
  one.ask("/rules", "account_id=a");
  const auto fingerprint = [&](std::string_view body) {
    return origin_of(one.x, who, "key", body).key.value().fingerprint;
  };
  const auto first = fingerprint("{}");
  BOOST_TEST((first == sha256({std::string_view("GET\0/rules?account_id=a\0{}\0", 27)})));
  BOOST_TEST((fingerprint("{ }") != first));
  one.ask("/rules", "account_id=b");
  BOOST_TEST((fingerprint("{}") != first));
  one.ask("/rules", "account_id=a");
  one.x.head.verb = method::post;
  BOOST_TEST((fingerprint("{}") != first));
}

BOOST_AUTO_TEST_CASE(the_log_notes_token_and_request) {
  lone_exchange one;
  const auto origin = origin_of(one.x, token_of({}, {}));
  BOOST_TEST(origin.from.principal == "7");
  BOOST_TEST(origin.from.request_id == "01HREQUEST");
  BOOST_TEST(!origin.key.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
