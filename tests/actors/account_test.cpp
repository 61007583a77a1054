#include "actors/views/recovery.hpp"
#include "fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

attribution::create_passthrough_referrer create(const std::string& domain) {
  return {passthrough_body(domain), false};
}

std::int64_t id_of(const rule_reply& reply) {
  return std::get<std::shared_ptr<const attribution::passthrough_referrer>>(reply.value().rule)->id;
}

} // namespace

BOOST_AUTO_TEST_SUITE(account_of_rules)

BOOST_AUTO_TEST_CASE(a_created_rule_is_shown_as_soon_as_it_is_answered) {
  fixture f;
  auto reply = f.command("acme", create("booking.mirai.com"));
  BOOST_TEST(id_of(reply) == 1);
  auto rules = f.account("acme")->rules();
  BOOST_TEST(rules->version() == 1u);
  BOOST_REQUIRE(rules->passthrough_referrers().find(1));
  BOOST_TEST(rules->passthrough_referrers().find(1)->domain == "booking.mirai.com");
}

BOOST_AUTO_TEST_CASE(second_create_of_a_domain_is_a_conflict_that_names_the_first) {
  fixture f;
  BOOST_TEST(f.command("acme", create("booking.mirai.com")).has_value());
  auto second = f.command("acme", create("https://Booking.Mirai.com/"));
  BOOST_REQUIRE(second.has_error());
  BOOST_TEST(to_string(second.error().code) == "duplicate_entry");
  BOOST_TEST(second.error().existing_id.value_or(0) == 1);
  BOOST_TEST(f.log->events().version("account/acme").value() == 1u);
}

BOOST_AUTO_TEST_CASE(of_concurrent_creates_of_one_domain_exactly_one_succeeds) {
  fixture f;
  f.account("acme");
  std::atomic<int> created = 0;
  std::atomic<int> conflicts = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&] {
      auto reply = f.command("acme", create("booking.mirai.com"));
      ++(reply ? created : conflicts);
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(created == 1);
  BOOST_TEST(conflicts == 15);
}

BOOST_AUTO_TEST_CASE(concurrent_creates_get_ids_without_gaps_and_replay_equals_live) {
  fixture f;
  std::mutex lock;
  std::set<std::int64_t> ids;
  std::vector<std::thread> clients;
  for (int client = 0; client < 8; ++client)
    clients.emplace_back([&, client] {
      for (int i = 0; i < 50; ++i) {
        auto reply = f.command(
            "acme", create("d" + std::to_string(client) + "-" + std::to_string(i) + ".test"));
        std::lock_guard hold{lock};
        ids.insert(id_of(reply));
      }
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(ids.size() == 400u);
  BOOST_TEST(*ids.begin() == 1);
  BOOST_TEST(*ids.rbegin() == 400);
  BOOST_TEST(f.log->events().commits() < 400u);
  auto live = f.account("acme")->rules();
  BOOST_TEST(replay_rules(f.log->events(), "acme").value().rules->canonical() == live->canonical());
}

BOOST_AUTO_TEST_CASE(a_patch_that_changes_nothing_writes_no_event) {
  fixture f;
  BOOST_TEST(f.command("acme", create("booking.mirai.com")).has_value());
  attribution::update_passthrough_referrer same{
      1, passthrough_body("booking.mirai.com"), false, {}};
  BOOST_TEST(id_of(f.command("acme", same)) == 1);
  BOOST_TEST(f.log->events().version("account/acme").value() == 1u);
}

BOOST_AUTO_TEST_CASE(changed_settings_are_shown_and_used_as_soon_as_they_are_answered) {
  fixture f;
  BOOST_TEST(f.command("acme", create("booking.mirai.com")).has_value());
  auto account = f.account("acme");
  const auto before = account->rule_set();
  const attribution::update_settings change{
      {{{"own_domains", json_list{{std::string("A.example")}}}}, {}}, false, {}};
  const auto reply = f.command("acme", change).value();
  BOOST_REQUIRE(reply.settings);
  BOOST_TEST(reply.settings->settings->own_domains.at(0) == "a.example");
  BOOST_TEST(reply.settings->revision == 2u);
  BOOST_TEST(account->rules()->settings().own_domains.size() == 1u);
  BOOST_TEST(account->rule_set()->settings().own_domains.size() == 1u);
  BOOST_TEST(before->settings().own_domains.empty());
  // The same again is no event, and has the same revision.
  const auto again = f.command("acme", change).value();
  BOOST_TEST(again.settings->revision == 2u);
  BOOST_TEST(f.log->events().version("account/acme").value() == 2u);
  BOOST_TEST((replay_rules(f.log->events(), "acme").value().rules->canonical() ==
              account->rules()->canonical()));
}

BOOST_AUTO_TEST_CASE(concurrent_changes_of_settings_are_decided_one_after_the_other) {
  fixture f;
  f.account("acme");
  std::atomic<int> done = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 16; ++i)
    clients.emplace_back([&, i] {
      attribution::update_settings change{
          {{{"ai_medium", "m" + std::to_string(i)}}, {}}, false, {}};
      change.precondition.match.emplace().strong.push_back("0");
      done += f.command("acme", change).has_value() ? 1 : 0;
    });
  for (auto& client : clients)
    client.join();
  BOOST_TEST(done == 1);
  BOOST_TEST(f.log->events().version("account/acme").value() == 1u);
}

BOOST_AUTO_TEST_CASE(a_used_idempotency_key_gives_the_first_answer_and_no_second_rule) {
  fixture f;
  store::idempotency key{"k", sha256({"body"})};
  auto first = f.command("acme", create("booking.mirai.com"), key);
  auto again = f.command("acme", create("booking.mirai.com"), key);
  BOOST_TEST(!first.value().replayed);
  BOOST_TEST(again.value().replayed);
  BOOST_TEST(id_of(again) == id_of(first));
  BOOST_TEST(f.log->events().version("account/acme").value() == 1u);
  store::idempotency other{"k", sha256({"another body"})};
  auto reused = f.command("acme", create("other.test"), other);
  BOOST_REQUIRE(reused.has_error());
  BOOST_TEST(to_string(reused.error().code) == "idempotency_key_reused");
}

BOOST_AUTO_TEST_CASE(a_replayed_answer_names_the_ignored_fields_of_its_request) {
  fixture f;
  store::idempotency key{"k", sha256({"body"})};
  auto wanted = create("booking.mirai.com");
  wanted.body.members.push_back({"colour", std::string{"red"}});
  auto first = f.command("acme", wanted, key);
  auto again = f.command("acme", wanted, key);
  BOOST_TEST(again.value().replayed);
  BOOST_TEST(first.value().ignored_fields == std::vector<std::string>{"colour"},
             boost::test_tools::per_element());
  BOOST_TEST(again.value().ignored_fields == first.value().ignored_fields,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(concurrent_requests_under_one_key_create_one_rule_and_all_get_it) {
  fixture f;
  store::idempotency key{"k", sha256({"body"})};
  std::mutex lock;
  std::vector<rule_reply> replies;
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i)
    clients.emplace_back([&] {
      auto reply = f.command("acme", create("booking.mirai.com"), key);
      std::lock_guard hold{lock};
      replies.push_back(std::move(reply));
    });
  for (auto& client : clients)
    client.join();
  int first = 0;
  for (auto& reply : replies) {
    BOOST_REQUIRE(reply.has_value());
    BOOST_TEST(id_of(reply) == 1);
    first += reply.value().replayed ? 0 : 1;
  }
  BOOST_TEST(first == 1);
  BOOST_TEST(f.log->events().version("account/acme").value() == 1u);
}

BOOST_AUTO_TEST_CASE(
    after_a_failed_write_the_outcome_is_unknown_and_reads_show_what_was_acknowledged) {
  auto log = std::make_shared<store::memory_log>();
  fixture f{log, small()};
  BOOST_TEST(f.command("acme", create("first.test")).has_value());
  log->fail_next_commit("disk full");
  auto unknown = f.command("acme", create("second.test"));
  BOOST_REQUIRE(unknown.has_error());
  BOOST_TEST(to_string(unknown.error().code) == "outcome_unknown");
  auto refused = f.command("acme", create("third.test"));
  BOOST_REQUIRE(refused.has_error());
  BOOST_TEST(to_string(refused.error().code) == "service_unavailable");
  BOOST_TEST(!f.running->parts().status->writable());
  BOOST_TEST(f.running->parts().status->reason().find("disk full") != std::string::npos);
  BOOST_TEST(f.account("acme")->rules()->version() == 1u);
}

BOOST_AUTO_TEST_CASE(an_idle_account_leaves_memory_and_comes_back_the_same) {
  auto settings = small();
  settings.passivate_after = std::chrono::milliseconds{100};
  fixture f{settings};
  BOOST_TEST(f.command("acme", create("booking.mirai.com")).has_value());
  auto before = f.account("acme")->rules()->canonical();
  for (int i = 0; i < 200 && f.running->parts().loaded->find("acme"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  BOOST_TEST(!f.running->parts().loaded->find("acme"));
  BOOST_TEST(f.account("acme")->rules()->canonical() == before);
  BOOST_TEST(id_of(f.command("acme", create("second.test"))) == 2);
}

BOOST_AUTO_TEST_CASE(an_account_whose_stream_cannot_be_applied_is_refused_and_others_go_on) {
  auto log = std::make_shared<store::memory_log>();
  store::append_request bad{"account/broken", 0, {}};
  bad.commands.push_back(
      {{{"rule_of_tomorrow", 1, store::seal({"1", "r"}, {}, "{}", {})}}, {}, {}, {}});
  BOOST_REQUIRE(log->append(std::span{&bad, 1}, 1)[0].status == store::append_status::appended);
  fixture f{log, small()};
  auto reply = f.ask<loaded_account_reply>(f.running->registry(), acquire_account{"broken"});
  BOOST_REQUIRE(reply.has_error());
  BOOST_TEST(to_string(reply.error().code) == "corrupt_log");
  BOOST_TEST(reply.error().message.find("account/broken, sequence 1") != std::string::npos);
  BOOST_TEST(f.command("acme", create("booking.mirai.com")).has_value());
}

BOOST_AUTO_TEST_CASE(many_rules_are_compiled_beside_few_and_not_before_them) {
  fixture f;
  const auto& compilers = f.running->parts().compilers;
  BOOST_TEST((compilers.of_few != compilers.of_many));
  BOOST_TEST((compilers.of(compiler_pair::many_rules - 1) == compilers.of_few));
  BOOST_TEST((compilers.of(compiler_pair::many_rules) == compilers.of_many));
}

BOOST_AUTO_TEST_SUITE_END()
