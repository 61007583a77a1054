// Lists of accounts as readers give them: page by page, and only those that a token is for.

#include "actors/views/stored_rows.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

using account_ids = std::vector<std::string>;

struct ten_accounts : fixture {
  ten_accounts() {
    for (const auto* id : {"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"})
      change(*this, create_account{body_of(
                        {{"account_id", std::string(id)}, {"name", "name of " + std::string(id)}})})
          .value();
  }
};

list_accounts of_token(bool all, account_ids ids, std::size_t limit) {
  accounts::api_token token;
  token.accounts = {all, std::move(ids)};
  list_accounts out;
  out.who = std::make_shared<token_entry>(token);
  out.limit = limit;
  return out;
}

/// The ids of all pages; none has more than `limit`.
account_ids listed_ids(const store::table_store& tables, list_accounts wanted) {
  account_ids out;
  for (bool is_last = false; !is_last;) {
    const auto page = read_accounts(tables, wanted).value();
    BOOST_REQUIRE(page.items.size() <= wanted.limit);
    BOOST_REQUIRE((page.is_last || page.last > wanted.after));
    for (const auto& each : page.items) {
      BOOST_TEST(each.name == "name of " + each.account_id);
      out.push_back(each.account_id);
    }
    wanted.after = page.last;
    is_last = page.is_last;
  }
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(account_lists)

BOOST_FIXTURE_TEST_CASE(token_for_all_accounts_lists_each_once_in_order, ten_accounts) {
  const account_ids all{"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9"};
  for (std::size_t limit = 1; limit <= 11; ++limit)
    BOOST_TEST(listed_ids(log->tables(), of_token(true, {}, limit)) == all,
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(token_for_some_accounts_lists_those_of_them_that_exist, ten_accounts) {
  const account_ids of_token_of_some{"A0", "a", "a1", "a11", "a3", "a30", "a31", "a9", "b"};
  const account_ids expected{"a1", "a3", "a9"};
  for (std::size_t limit = 1; limit <= 10; ++limit)
    BOOST_TEST(listed_ids(log->tables(), of_token(false, of_token_of_some, limit)) == expected,
               boost::test_tools::per_element());
  BOOST_TEST(listed_ids(log->tables(), of_token(false, {"no", "none"}, 1)).empty());
}

BOOST_FIXTURE_TEST_CASE(page_ends_once_it_has_enough_bytes, ten_accounts) {
  for (auto wanted : {of_token(true, {}, 1'000), of_token(false, {"a1", "a2", "a3"}, 1'000)}) {
    wanted.room = 1;
    const auto page = read_accounts(log->tables(), wanted).value();
    BOOST_TEST(page.items.size() == 1U);
    BOOST_TEST(!page.is_last);
  }
}

BOOST_AUTO_TEST_SUITE_END()
