// Changes and restores of chosen rules through the account's actor.

#include "actors/views/recovery.hpp"
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;
using attribution::import_counts;
using attribution::import_mode;
using attribution::referrer_mapping;

namespace {

void make_mappings(fixture& f, int count) {
  for (int i = 0; i < count; ++i)
    BOOST_REQUIRE(f.command("acme", attribution::create_referrer_mapping{
                                        mapping_body("m" + std::to_string(i) + ".test"), false}));
}

attribution::rule_command change_of(fixture& f, std::vector<std::int64_t> ids, draft set) {
  attribution::chosen_rules body;
  for (const auto id : ids)
    body.ids.emplace_back(id);
  body.set = std::move(set);
  return attribution::change_rules<referrer_mapping>{
      std::make_shared<const attribution::chosen_change<referrer_mapping>>(attribution::work_out(
          f.account("acme")->rules()->referrer_mappings(), std::move(body), false))};
}

draft priority(std::int64_t value) {
  return body_of({{"priority", value}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(chosen_rules_of_an_account)

BOOST_AUTO_TEST_CASE(a_change_of_many_is_one_event_and_published_with_its_answer) {
  fixture f;
  make_mappings(f, 60); // more than are scanned
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 1; id <= 60; ++id)
    ids.push_back(id);
  const auto done = f.command("acme", change_of(f, ids, priority(9)));
  BOOST_TEST((done.value().imported->counts == import_counts{import_mode::merge, 0, 60, 0, 0}));
  BOOST_TEST(done.value().imported->version == 61U);
  BOOST_TEST(f.log->events().version("account/acme").value() == 61U);
  const auto loaded = f.account("acme");
  BOOST_TEST(loaded->rules()->version() == 61U);
  BOOST_REQUIRE(loaded->rule_set()->match("m59.test").rule);
  BOOST_TEST(loaded->rule_set()->match("m59.test").rule->priority == 9);
  const auto again = f.command("acme", change_of(f, ids, priority(9)));
  BOOST_TEST((again.value().imported->counts == import_counts{import_mode::merge, 0, 0, 0, 60}));
  BOOST_TEST(again.value().imported->version == 61U);
  BOOST_TEST(f.log->events().version("account/acme").value() == 61U);
}

BOOST_AUTO_TEST_CASE(a_used_key_gives_the_first_answer_whatever_became_of_the_rules) {
  fixture f;
  make_mappings(f, 3);
  const store::idempotency key{"k", sha256({"body"})};
  const auto first = f.command("acme", change_of(f, {1, 2}, priority(4)), key);
  BOOST_REQUIRE(f.command("acme", attribution::delete_referrer_mapping{1, {}}));
  const auto again = f.command("acme", change_of(f, {1, 2}, priority(4)), key);
  BOOST_TEST(!first.value().replayed);
  BOOST_TEST(again.value().replayed);
  BOOST_TEST((again.value().imported->counts == first.value().imported->counts));
  BOOST_TEST(again.value().imported->version == first.value().imported->version);
  const auto reused = f.command("acme", change_of(f, {2}, priority(5)),
                                store::idempotency{"k", sha256({"another body"})});
  BOOST_REQUIRE(reused.has_error());
  BOOST_TEST(to_string(reused.error().code) == "idempotency_key_reused");
}

BOOST_AUTO_TEST_CASE(refused_changes_leave_the_log_as_it_is) {
  fixture f;
  make_mappings(f, 2);
  const auto refused = f.command("acme", change_of(f, {1, 7}, priority(4)));
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "validation_error");
  BOOST_TEST(to_string(refused.error().faults.at(0).at) == "body.ids[1]");
  BOOST_TEST(f.log->events().version("account/acme").value() == 2U);
}

BOOST_AUTO_TEST_CASE(concurrent_changes_are_each_whole_and_replay_equals_live) {
  fixture f;
  make_mappings(f, 20);
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 1; id <= 20; ++id)
    ids.push_back(id);
  std::vector<std::thread> clients;
  std::atomic<int> done = 0;
  for (int client = 0; client < 6; ++client)
    clients.emplace_back([&, client] {
      for (int i = 0; i < 10; ++i) {
        auto set = priority(client);
        set.members.push_back({"utm_term", std::to_string(client) + "-" + std::to_string(i)});
        done += f.command("acme", change_of(f, ids, std::move(set))).has_value() ? 1 : 0;
      }
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(done == 60);
  std::set<std::pair<std::int64_t, std::string>> seen;
  const auto rules = f.account("acme")->rules();
  rules->referrer_mappings().each(
      [&](const auto& rule) { seen.emplace(rule->priority, rule->utm.term); });
  BOOST_TEST(seen.size() == 1U);
  BOOST_TEST(rules->version() == 80U);
  const auto replayed = replay_rules(f.log->events(), "acme");
  BOOST_TEST(replayed.value().rules->canonical() == rules->canonical());
}

BOOST_AUTO_TEST_CASE(a_restore_of_chosen_rules_happens_once_under_a_key) {
  fixture f;
  make_mappings(f, 2);
  const auto then = f.account("acme")->rules();
  BOOST_REQUIRE(f.command("acme", attribution::delete_referrer_mapping{1, {}}));
  BOOST_REQUIRE(f.command("acme", attribution::update_referrer_mapping{2, priority(5), false, {}}));
  const store::idempotency key{"k", sha256({"body"})};
  const auto restore = [&] {
    return f.command("acme",
                     attribution::restore_rules{
                         then, {then->version(), 7}, attribution::restored_choice{{}, {1}}},
                     key);
  };
  const auto first = restore();
  BOOST_TEST((first.value().restored->counts.referrer_mappings ==
              import_counts{import_mode::replace, 1, 0, 0, 0}));
  BOOST_REQUIRE(f.command("acme", attribution::delete_referrer_mapping{1, {}}));
  const auto again = restore();
  BOOST_TEST(again.value().replayed);
  BOOST_TEST((again.value().restored->counts == first.value().restored->counts));
  const auto rules = f.account("acme")->rules();
  BOOST_TEST(!rules->referrer_mappings().find(1));
  BOOST_TEST(rules->referrer_mappings().find(2)->priority == 5);
}

BOOST_AUTO_TEST_SUITE_END()
