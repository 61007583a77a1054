#include "actors/views/event_pages.hpp"
#include "actors/views/principal_names.hpp"
#include "actors/views/projections.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

struct named : fixture {
  named() {
    running->create_token("boss", "admin", std::nullopt).value(); // 1
    for (const std::string id : {"acme", "other"})
      change(*this, create_account{body_of({{"account_id", id}, {"name", id}}), false}).value();
  }

  token_ptr installation() {
    accounts::api_token token;
    token.scopes = accounts::scopes_of(accounts::role::admin);
    token.accounts.all = true;
    return std::make_shared<token_entry>(std::move(token));
  }

  directory_reply add(const std::string& name, const json_list& account_ids) {
    return change(*this, create_token{installation(), body_of({{"name", name},
                                                               {"role", std::string{"editor"}},
                                                               {"account_ids", account_ids}})});
  }

  std::string name(const std::string& principal, bool sees_operators = false) {
    principal_names names(log->tables(), sees_operators);
    const auto first = names.of(principal).value();
    BOOST_TEST((names.of(principal).value() == first));
    return first.value_or("(none)");
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(names_of_principals)

BOOST_AUTO_TEST_CASE(tokens_for_all_accounts_are_operators_to_those_who_may_not_see_them) {
  named f;
  f.add("tag manager", {{std::string{"acme"}}}).value();                  // 2
  f.add("agency", {{std::string{"acme"}, std::string{"other"}}}).value(); // 3
  f.add("Operator", {{std::string{"*"}}}).value();                        // 4
  BOOST_TEST(f.name("0") == "operator");
  BOOST_TEST(f.name("1") == "operator");
  BOOST_TEST(f.name("2") == "tag manager");
  BOOST_TEST(f.name("3") == "agency");
  BOOST_TEST(f.name("4") == "operator");
  BOOST_TEST(f.name("0", true) == "installation");
  BOOST_TEST(f.name("1", true) == "boss");
  BOOST_TEST(f.name("2", true) == "tag manager");
  BOOST_TEST(f.name("4", true) == "Operator");
  for (const std::string other : {"5", "-1", "", "x", "1x", "99999999999999999999"})
    BOOST_TEST(f.name(other, true) == "(none)", other);
}

BOOST_AUTO_TEST_CASE(no_token_of_some_accounts_is_called_operator) {
  named f;
  for (const std::string name : {"operator", "Operator", " OPERATOR "}) {
    const auto refused = f.add(name, {{std::string{"acme"}}});
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == errc::validation_error));
    BOOST_TEST(to_string(refused.error().faults.at(0).at) == "body.name");
  }
  BOOST_TEST(f.add("operators", {{std::string{"acme"}}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_revoked_token_keeps_its_name) {
  named f;
  f.add("tag manager", {{std::string{"acme"}}}).value();
  change(f, revoke_token{f.installation(), 2}).value();
  BOOST_TEST(f.name("2") == "tag manager");
}

BOOST_AUTO_TEST_CASE(events_end_with_the_name_of_their_token) {
  named f;
  f.add("a \"quoted\" name", {{std::string{"acme"}}}).value();
  rule_request request;
  request.by = {{"2", "request"}, {}};
  request.command = attribution::create_referrer_mapping{mapping_body("m.example"), false};
  f.ask<rule_reply>(f.account("acme")->commands, request).value();
  read_events wanted;
  wanted.stream = account_stream("acme");
  wanted.limit = 10;
  const auto bare = read_page(f.log->events(), wanted).value().events.at(0).json;
  principal_names names(f.log->tables(), false);
  const auto page = read_page(f.log->events(), wanted, &names).value();
  const std::string member = R"(,"principal_name":"a \"quoted\" name"})";
  BOOST_TEST(page.events.at(0).json == bare.substr(0, bare.size() - 1) + member);
  wanted.room = bare.size(); // less than the event needs
  const auto full = read_page(f.log->events(), wanted, &names).value();
  BOOST_TEST(full.needs > page.events.at(0).json.size());
  wanted.room = full.needs;
  BOOST_TEST(read_page(f.log->events(), wanted, &names).value().events.size() == 1U);
  wanted.is_erased = true;
  BOOST_TEST(read_page(f.log->events(), wanted, &names)
                 .value()
                 .events.at(0)
                 .json.ends_with(R"("part":null,"salt":null})"));
}

BOOST_AUTO_TEST_SUITE_END()
