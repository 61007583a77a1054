#include "actors/shared/cached_rows.hpp"
#include "actors/views/projections.hpp"
#include "domain/accounts/authorisation.hpp"
#include "fixture.hpp"
#include "store/log/rebuild_projection.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

directory_reply run(fixture& f, directory_command command,
                    std::optional<store::idempotency> key = {}) {
  directory_request request;
  request.by = {{"1", "request"}, std::move(key)};
  request.command = std::move(command);
  return f.ask<directory_reply>(f.running->directory(), std::move(request));
}

create_account account(const std::string& id, std::vector<std::int64_t> brands) {
  json_list list;
  for (auto brand : brands)
    list.items.emplace_back(brand);
  return {body_of({{"account_id", id}, {"name", id}, {"brand_ids", list}}), false};
}

token_ptr admin(fixture& f) {
  auto secret = f.running->create_token("admin", "admin", {}).value();
  return f.ask<token_reply>(f.running->readers().next(), find_token{accounts::hash_secret(secret)})
      .value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts_and_tokens)

BOOST_AUTO_TEST_CASE(a_created_account_is_found_by_id_and_by_brand) {
  fixture f;
  BOOST_REQUIRE(run(f, account("acme", {1, 2})));
  auto found = f.ask<account_reply>(f.running->readers().next(), find_account{"acme"});
  BOOST_REQUIRE(found.value());
  BOOST_TEST(found.value()->name == "acme");
  auto owner = f.ask<brand_reply>(f.running->readers().next(), find_brand{2});
  BOOST_REQUIRE(owner.value());
  BOOST_TEST(*owner.value() == "acme");
}

BOOST_AUTO_TEST_CASE(a_brand_belongs_to_one_account) {
  fixture f;
  BOOST_REQUIRE(run(f, account("acme", {1})));
  auto second = run(f, account("other", {1}));
  BOOST_REQUIRE(second.has_error());
  BOOST_TEST(to_string(second.error().code) == "duplicate_entry");
}

BOOST_AUTO_TEST_CASE(a_removed_brand_is_nobodys_until_another_account_takes_it) {
  fixture f;
  BOOST_REQUIRE(run(f, account("acme", {1})));
  change_account without{"acme", body_of({{"brand_ids", json_list{}}}), false};
  BOOST_REQUIRE(run(f, without));
  BOOST_TEST(!f.ask<brand_reply>(f.running->readers().next(), find_brand{1}).value());
  BOOST_REQUIRE(run(f, account("other", {1})));
  BOOST_TEST(*f.ask<brand_reply>(f.running->readers().next(), find_brand{1}).value() == "other");
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_not_usable_from_its_answer_on) {
  fixture f;
  auto creator = admin(f);
  auto made =
      run(f, create_token{creator,
                          body_of({{"name", std::string{"n"}}, {"role", std::string{"editor"}}}),
                          false});
  auto& token = std::get<created_token>(made.value().value);
  auto hash = accounts::hash_secret(token.secret);
  auto before = f.ask<token_reply>(f.running->readers().next(), find_token{hash}).value();
  BOOST_TEST(accounts::check_usable(before->token, now()).has_value());
  BOOST_REQUIRE(run(f, revoke_token{creator, token.token.id}));
  auto after = f.running->parts().tokens->find(hash);
  BOOST_REQUIRE(after);
  BOOST_TEST(accounts::check_usable(after->token, now()).has_error());
}

BOOST_AUTO_TEST_CASE(an_unknown_token_is_looked_for_once_and_known_as_soon_as_it_is_created) {
  fixture f;
  const std::string secret = "own-secret-3kT9vQ2mXw7LpZ";
  const auto hash = accounts::hash_secret(secret);
  const auto find = [&] {
    return f.ask<token_reply>(f.running->readers().next(), find_token{hash}).value();
  };
  auto& unknown = *f.running->parts().unknown_tokens;
  const auto before = unknown.generation(hash);
  BOOST_TEST(!unknown.find(hash));
  BOOST_TEST(!find());
  BOOST_REQUIRE(unknown.find(hash));
  BOOST_TEST(!find());
  BOOST_REQUIRE(f.running->create_token("own", "viewer", secret));
  BOOST_TEST(!unknown.find(hash));
  BOOST_TEST(find() != nullptr);
  // What a slow reader has not found before comes too late.
  unknown.insert(hash, std::make_shared<const bool>(true), before);
  BOOST_TEST(!unknown.find(hash));
  BOOST_TEST(find() != nullptr);
}

BOOST_AUTO_TEST_CASE(whoever_asks_while_a_token_is_created_knows_it_after_its_answer) {
  fixture f;
  for (int round = 0; round < 50; ++round) {
    const auto secret = "own-secret-3kT9vQ2mXw7-" + std::to_string(round);
    const auto hash = accounts::hash_secret(secret);
    std::atomic<bool> ends = false;
    std::thread asking([&] {
      while (!ends)
        static_cast<void>(read_token(f.running->parts(), hash));
    });
    BOOST_TEST(f.running->create_token("own", "viewer", secret).has_value());
    BOOST_TEST(!f.running->parts().unknown_tokens->find(hash));
    BOOST_TEST(read_token(f.running->parts(), hash).value() != nullptr);
    ends = true;
    asking.join();
  }
}

BOOST_AUTO_TEST_CASE(one_token_is_described_as_in_the_list_of_all) {
  fixture f;
  auto creator = admin(f);
  BOOST_REQUIRE(f.running->create_token("second", "viewer", {}));
  creator->last_used = 123;
  const auto all =
      f.ask<token_list>(f.running->readers().next(), list_tokens{{}, 0, 1'000}).value().items;
  BOOST_TEST(all.size() == 2u);
  for (const auto& each : all) {
    const auto one =
        f.ask<described_token>(f.running->readers().next(), describe_token{each.token.id}).value();
    BOOST_REQUIRE(one.has_value());
    BOOST_TEST((one->token == each.token));
    BOOST_TEST(one->last_used == (each.token.id == creator->token.id ? 123 : 0));
    BOOST_TEST(one->last_used == each.last_used);
  }
  for (const std::int64_t id : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{999'999}})
    BOOST_TEST(!f.ask<described_token>(f.running->readers().next(), describe_token{id}).value());
}

BOOST_AUTO_TEST_CASE(a_replayed_token_creation_never_shows_the_secret_again) {
  fixture f;
  auto creator = admin(f);
  store::idempotency key{"k", sha256({"body"})};
  create_token wanted{
      creator, body_of({{"name", std::string{"n"}}, {"role", std::string{"viewer"}}}), false};
  auto first = run(f, wanted, key);
  auto again = run(f, wanted, key);
  BOOST_TEST(!std::get<created_token>(first.value().value).secret.empty());
  BOOST_TEST(again.value().replayed);
  BOOST_TEST(std::get<created_token>(again.value().value).secret.empty());
  BOOST_TEST(std::get<created_token>(again.value().value).token.id ==
             std::get<created_token>(first.value().value).token.id);
}

BOOST_AUTO_TEST_CASE(a_replayed_answer_names_the_ignored_fields_of_its_request) {
  fixture f;
  auto wanted = account("acme", {1});
  wanted.body.members.push_back({"colour", std::string{"red"}});
  create_token token{admin(f),
                     body_of({{"name", std::string{"n"}},
                              {"role", std::string{"viewer"}},
                              {"colour", std::string{"red"}}}),
                     false};
  for (const directory_command& command : {directory_command{wanted}, directory_command{token}}) {
    store::idempotency key{"k" + std::to_string(command.index()), sha256({"body"})};
    static_cast<void>(run(f, command, key));
    auto again = run(f, command, key);
    BOOST_TEST(again.value().replayed);
    BOOST_TEST(again.value().ignored_fields == std::vector<std::string>{"colour"},
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(the_rebuilt_directory_equals_the_one_written_live) {
  auto log = std::make_shared<store::memory_log>();
  auto rows_of = [&] {
    std::map<std::string, std::string> out;
    BOOST_REQUIRE(log->scan(store::table::directory, "", "", [&](auto key, auto value) {
      out.emplace(key, value);
      return true;
    }));
    return out;
  };
  {
    fixture f{log, small()};
    auto creator = admin(f);
    BOOST_REQUIRE(run(f, account("acme", {1, 2})));
    BOOST_REQUIRE(run(
        f, change_account{"acme", body_of({{"brand_ids", json_list{{std::int64_t{2}}}}}), false}));
    BOOST_REQUIRE(run(f, revoke_token{creator, creator->token.id}));
  }
  auto live = rows_of();
  BOOST_TEST(live.size() >= 4u);
  BOOST_REQUIRE(rebuild_projection(log->events(), log->tables(), store::table::directory, project));
  BOOST_TEST((rows_of() == live));
}

BOOST_AUTO_TEST_SUITE_END()
