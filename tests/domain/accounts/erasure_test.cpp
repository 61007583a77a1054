#include "domain/accounts/authorisation.hpp"
#include "domain/accounts/directory.hpp"
#include "domain/accounts/erasure_scope.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

using namespace headwater;
using namespace headwater::accounts;

namespace {

using numbers = std::vector<std::int64_t>;

api_token token_of(std::int64_t id, std::vector<std::string> accounts) {
  api_token out;
  out.id = id;
  out.accounts.all = accounts == std::vector<std::string>{"*"};
  if (!out.accounts.all)
    out.accounts.ids = std::move(accounts);
  return out;
}

account_created created(std::string id, numbers brands) {
  return {{std::move(id), "name", std::move(brands), 0, 0}};
}

erasure_scope scope_of(std::string_view id, const std::vector<system_event>& events) {
  erasure_scope out{std::string(id)};
  std::int64_t sequence = 0;
  for (const auto& event : events)
    out.add(event, ++sequence);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(erasures)

BOOST_AUTO_TEST_CASE(an_accounts_own_events_and_no_others_are_in_its_scope) {
  const auto scope =
      scope_of("acme", {created("acme", {1}), created("acme2", {2}),
                        change_of({"acme", "", {1}, 0, 0}, {"acme", "x", {3}, 0, 0}),
                        change_of({"acme2", "", {2}, 0, 0}, {"acme2", "", {}, 0, 0})});
  BOOST_TEST(scope.events() == (numbers{1, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(platforms_count_while_their_brand_is_the_accounts) {
  const brand_platform entry{1, "ai.example", "House", 0, 0};
  const std::vector<system_event> events{
      created("acme", {1}),          brand_platform_added{entry},
      brand_platform_removed{entry}, change_of({"acme", "", {1}, 0, 0}, {"acme", "", {}, 0, 0}),
      created("other", {1}),         brand_platform_added{entry},
      brand_platform_changed{entry}};
  BOOST_TEST(scope_of("acme", events).events() == (numbers{1, 2, 3, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(scope_of("other", events).events() == (numbers{5, 6, 7}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_token_goes_with_the_last_of_its_accounts) {
  std::vector<system_event> events{created("acme", {}),
                                   created("other", {}),
                                   api_token_created{token_of(1, {"*"})},
                                   api_token_created{token_of(2, {"acme"})},
                                   api_token_created{token_of(3, {"acme", "other"})},
                                   api_token_revoked{token_of(2, {"acme"})},
                                   api_token_created{token_of(4, {"other"})}};
  auto acme = scope_of("acme", events);
  BOOST_TEST(acme.events() == (numbers{1, 4, 6}), boost::test_tools::per_element());
  BOOST_TEST(acme.token_ids() == (numbers{2}), boost::test_tools::per_element());
  events.push_back(account_erased{"acme", {}, {}, 5, acme.events(), acme.token_ids()});
  auto other = scope_of("other", events);
  BOOST_TEST(other.events() == (numbers{2, 5, 7}), boost::test_tools::per_element());
  BOOST_TEST(other.token_ids() == (numbers{3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_erased_account_leaves_its_id_its_brands_and_the_number_of_the_next_token) {
  std::map<std::string, std::string> rows;
  const auto apply = [&](const system_event& event, const event_meta& at) {
    for (auto& [key, value] : project(event, at))
      if (value)
        rows[key] = *value;
      else
        rows.erase(key);
  };
  apply(created("acme", {7}), {1, 100});
  apply(api_token_created{token_of(3, {"acme"})}, {2, 200});
  apply(account_erased{"acme", {7}, {}, 4, {1, 2}, {3}}, {3, 300});
  BOOST_TEST(rows.count(account_key("acme")) == 0U);
  BOOST_TEST(rows.count(token_key(3)) == 0U);
  BOOST_TEST(rows[brand_key(7)] == "acme");
  BOOST_TEST(rows[std::string(next_token_key)] == "4");
  BOOST_TEST(rows[erased_key("acme")] == R"({"account_id":"acme","erased_at":300,"sequence":3})");
  BOOST_TEST(
      (decode_erased_account(rows[erased_key("acme")]).value() == erased_account{"acme", 300, 3}));
  BOOST_TEST((decode_erased_account("{}").error().code == errc::corrupt_log));
}

BOOST_AUTO_TEST_CASE(a_table_without_the_erased_events_is_the_same) {
  // Who builds the table anew leaves out what an erasure covers.
  std::map<std::string, std::string> rows;
  for (auto& [key, value] : project(account_erased{"acme", {7}, {}, 4, {1, 2}, {3}}, {3, 300}))
    if (value)
      rows[key] = *value;
  BOOST_TEST(rows.size() == 3U);
  BOOST_TEST(rows[brand_key(7)] == "acme");
  BOOST_TEST(rows[std::string(next_token_key)] == "4");
  BOOST_TEST(rows.count(erased_key("acme")) == 1U);
}

BOOST_AUTO_TEST_CASE(only_who_sees_all_accounts_learns_that_one_was_erased) {
  BOOST_TEST((erased_to(token_of(1, {"*"}), "acme").code == errc::account_erased));
  BOOST_TEST((erased_to(token_of(2, {"acme"}), "acme").code == errc::forbidden));
}

BOOST_AUTO_TEST_SUITE_END()
