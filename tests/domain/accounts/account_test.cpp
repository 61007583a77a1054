#include "domain/accounts/account.hpp"
#include "tests/domain/accounts/body.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using headwater::testing::body;
using namespace headwater::accounts;

namespace {

std::string first_fault(const result<account_request>& read) {
  if (read)
    return "";
  return to_string(read.error().faults.front().at) + ": " + read.error().faults.front().type;
}

} // namespace

BOOST_AUTO_TEST_SUITE(account_requests)

BOOST_AUTO_TEST_CASE(account_ids_are_short_plain_words) {
  for (std::string_view good : {"acme", "A-b_9", "-", "_", "0"})
    BOOST_TEST(is_account_id(good), good);
  BOOST_TEST(is_account_id(std::string(63, 'a')));
  BOOST_TEST(!is_account_id(std::string(64, 'a')));
  for (std::string_view bad : {"", "a b", "a.b", "a/b", "*", "\xC3\xA4", "a\n"})
    BOOST_TEST(!is_account_id(bad), bad);
}

BOOST_AUTO_TEST_CASE(an_account_needs_only_its_id) {
  const auto read = read_account(body(R"({"account_id":"acme","plan":"x"})"), false);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->value.account_id == "acme");
  BOOST_TEST(read->value.name == "");
  BOOST_TEST(read->value.brand_ids.empty());
  BOOST_TEST(read->ignored_fields == std::vector<std::string>{"plan"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_fault_of_an_account_is_named) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "body.account_id: missing"},
      {R"({"account_id":""})", "body.account_id: string_too_short"},
      {R"({"account_id":"a b"})", "body.account_id: string_pattern_mismatch"},
      {R"({"account_id":7})", "body.account_id: string_type"},
      {R"({"account_id":"a","name":5})", "body.name: string_type"},
      {R"({"account_id":"a","brand_ids":7})", "body.brand_ids: list_type"},
      {R"({"account_id":"a","brand_ids":["7"]})", "body.brand_ids[0]: int_type"},
      {R"({"account_id":"a","brand_ids":[1,0]})", "body.brand_ids[1]: greater_than_equal"},
      {R"({"account_id":"a","brand_ids":[9007199254740992]})",
       "body.brand_ids[0]: less_than_equal"},
      {R"({"account_id":"a","brand_ids":[1,2,1]})", "body.brand_ids[2]: value_error"},
      {R"({"account_id":"a","plan":1})", "body.plan: extra_forbidden"},
  };
  for (const auto& [json, expected] : cases)
    BOOST_TEST(first_fault(read_account(body(json), true)) == expected, json);
  BOOST_TEST(first_fault(read_account(body(R"({"account_id":")" + std::string(64, 'a') + "\"}"),
                                      false)) == "body.account_id: string_too_long");
}

BOOST_AUTO_TEST_CASE(a_patch_changes_what_it_names_and_never_the_id) {
  const account current{"acme", "Acme", {1, 2}, 5, 6};
  const auto same = read_account_patch(
      current, body(R"({"account_id":"other","name":null,"brand_ids":null})"), true);
  BOOST_REQUIRE(same);
  BOOST_TEST((same->value == current));
  const auto changed = read_account_patch(current, body(R"({"brand_ids":[2,3],"name":""})"), true);
  BOOST_REQUIRE(changed);
  BOOST_TEST((changed->value == account{"acme", "", {2, 3}, 5, 6}));
}

BOOST_AUTO_TEST_SUITE_END()
