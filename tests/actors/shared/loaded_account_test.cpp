#include "actors/shared/loaded_account.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

std::string pattern(int number) {
  return "p" + std::to_string(number) + ".example";
}

void create(fixture& f, int number) {
  BOOST_REQUIRE(f.command(
      "acme", attribution::create_referrer_mapping{mapping_body(pattern(number)), false}));
}

std::uint64_t compilations(fixture& f) {
  return f.running->parts().counters->compile_time.Collect().histogram.sample_count;
}

/// Asks as resolves do, until the compiler has caught up.
bool is_compiled_in_time(const loaded_account_ptr& loaded) {
  for (int i = 0; i < 2'000; ++i) {
    if (loaded->rule_set()->delta_size() <= 8)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return false;
}

attribution::account_rules many_rules(int count) {
  attribution::account_rules rules;
  for (int i = 1; i <= count; ++i) {
    attribution::referrer_mapping_created event;
    event.rule.id = i;
    event.rule.referrer_pattern = pattern(i);
    BOOST_REQUIRE(rules.apply(event, {static_cast<std::uint64_t>(i), i}));
  }
  return rules;
}

} // namespace

BOOST_AUTO_TEST_SUITE(accounts_in_memory)

BOOST_AUTO_TEST_CASE(a_resolve_sees_each_change_that_was_answered) {
  fixture f;
  for (int i = 1; i <= 200; ++i) {
    create(f, i);
    const auto set = f.account("acme")->rule_set();
    BOOST_REQUIRE_EQUAL(set->version(), static_cast<std::uint64_t>(i));
    const auto* found = set->match(pattern(i)).rule;
    BOOST_REQUIRE(found);
    BOOST_REQUIRE_EQUAL(found->id, i);
  }
}

BOOST_AUTO_TEST_CASE(a_burst_of_changes_is_compiled_a_few_times) {
  fixture f;
  create(f, 1);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 2; i <= 1'000; ++i) {
    create(f, i);
    static_cast<void>(f.account("acme")->rule_set());
  }
  BOOST_TEST(is_compiled_in_time(f.account("acme")));
  const auto took = std::chrono::steady_clock::now() - began;
  const auto most = took / std::chrono::milliseconds{20} + 2;
  BOOST_TEST(compilations(f) >= 1U);
  BOOST_TEST(compilations(f) <= static_cast<std::uint64_t>(most));
  BOOST_TEST(f.account("acme")->rule_set()->active_mappings() == 1'000U);
}

BOOST_AUTO_TEST_CASE(few_changes_are_not_worth_compiling) {
  fixture f;
  for (int i = 1; i <= 8; ++i)
    create(f, i);
  for (int i = 0; i < 100; ++i)
    static_cast<void>(f.account("acme")->rule_set());
  f.running->stop();
  BOOST_TEST(compilations(f) == 0U);
}

BOOST_AUTO_TEST_CASE(an_account_of_many_rules_is_loaded_compiled) {
  const auto rules = std::make_shared<const attribution::account_rules>(many_rules(2'000));
  const auto compiled = std::make_shared<const attribution::compiled_rules>(*rules);
  const auto loaded =
      std::make_shared<loaded_account>("acme", loaded_rules{rules, compiled}, compiler_pair{});
  BOOST_TEST(loaded->rule_set()->delta_size() == 0U);
  BOOST_TEST(loaded->rule_set()->match(pattern(1'999)).rule->id == 1'999);
}

BOOST_AUTO_TEST_CASE(a_set_compiled_of_older_rules_never_hides_newer_ones) {
  const auto old = std::make_shared<const attribution::account_rules>(many_rules(100));
  const auto next = std::make_shared<const attribution::account_rules>(many_rules(150));
  const auto loaded =
      std::make_shared<loaded_account>("acme", loaded_rules{old, nullptr}, compiler_pair{});
  const auto compiling = loaded->begin_compiling();
  loaded->publish(next);
  loaded->finish_compiling(std::make_shared<const attribution::compiled_rules>(*compiling),
                           std::chrono::milliseconds{1});
  BOOST_TEST(loaded->rule_set()->version() == 150U);
  BOOST_TEST(loaded->rule_set()->base()->rules().version() == 100U);
  BOOST_TEST(loaded->rule_set()->match(pattern(150)).rule->id == 150);
  // Nor does an older one replace a newer one.
  loaded->finish_compiling(attribution::compiled_rules::none(), std::chrono::milliseconds{1});
  BOOST_TEST(loaded->rule_set()->base()->rules().version() == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
