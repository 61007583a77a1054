// How accounts come into memory from kept states: the rules are those of a replay, whatever became
// of the states.

#include "actors/views/projections.hpp"
#include "actors/views/recovery.hpp"
#include "snapshots/account_states.hpp"
#include "store/tables/keys.hpp"
#include "tests/actors/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
#include <random>
#include <thread>

using namespace headwater;
using namespace headwater::actors;
using namespace headwater::actors::testing;

namespace {

service_settings keeping(std::uint64_t every) {
  auto out = small();
  out.limits.state_events = every;
  return out;
}

void add_mapping(fixture& f, int number) {
  const auto text = "m" + std::to_string(number) + ".example";
  f.command("acme", attribution::create_referrer_mapping{mapping_body(text), false}).value();
}

std::vector<std::uint64_t> versions(const store::table_store& tables) {
  std::vector<std::uint64_t> out;
  const auto states = snapshots::list_states(tables, account_stream("acme"));
  for (const auto& each : states.value())
    out.push_back(each.version);
  return out;
}

bool has_version(const store::table_store& tables, std::uint64_t version) {
  const auto all = versions(tables);
  return std::ranges::find(all, version) != all.end();
}

/// Waits until the state writer, which sends no reply, has got that far.
bool soon(const std::function<bool()>& is_so) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!is_so() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  return is_so();
}

void flip(char& byte, std::uint64_t bit) {
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << bit));
}

void damage(store::table_store& tables, std::uint64_t version, std::mt19937_64& random) {
  const auto key = store::stream_key(account_stream("acme")) + store::be64_key(version);
  auto row = tables.get(store::table::states, key).value().value();
  if (random() % 3 == 0)
    row.resize(random() % row.size());
  else
    flip(row[random() % row.size()], random() % 8);
  const store::table_write write{store::table::states, key,
                                 random() % 4 == 0 ? std::nullopt : std::optional{row}};
  BOOST_REQUIRE(tables.put({&write, 1}).has_value());
}

std::string recovered(const store::log_engine& log) {
  return recover_rules(log.events(), log.tables(), "acme").value().rules->canonical();
}
std::string replayed(const store::event_log& log) {
  return replay_rules(log, "acme").value().rules->canonical();
}

} // namespace

BOOST_AUTO_TEST_SUITE(recoveries)

BOOST_AUTO_TEST_CASE(a_state_is_kept_every_so_many_events_and_the_last_two_stay) {
  fixture f{keeping(3)};
  for (int i = 1; i <= 14; ++i) {
    add_mapping(f, i);
    const auto version = static_cast<std::uint64_t>(i);
    if (i % 3 == 0)
      BOOST_REQUIRE(soon([&] { return has_version(f.log->tables(), version); }));
  }
  BOOST_TEST(versions(f.log->tables()) == (std::vector<std::uint64_t>{9, 12}),
             boost::test_tools::per_element());
  const auto loaded = recover_rules(f.log->events(), f.log->tables(), "acme").value();
  BOOST_TEST(loaded.state_version == 12u);
  BOOST_TEST(loaded.rules->canonical() == replayed(f.log->events()));
}

BOOST_AUTO_TEST_CASE(what_states_take_stays_in_proportion_to_the_changes) {
  fixture f{keeping(1)};
  for (int i = 1; i <= 100; ++i)
    add_mapping(f, i);
  auto& kept = f.running->parts().counters->states_kept;
  // With n rules, one state for n / 4 events: 4 ln(100 / 4) after the first few.
  BOOST_TEST(soon([&] { return kept.Value() >= 15; }));
  f.running->stop();
  BOOST_TEST(kept.Value() <= 25);
}

BOOST_AUTO_TEST_CASE(no_state_is_kept_where_the_setting_is_0) {
  fixture f{keeping(0)};
  for (int i = 1; i <= 10; ++i)
    add_mapping(f, i);
  f.running->stop();
  BOOST_TEST(versions(f.log->tables()).empty());
}

BOOST_AUTO_TEST_CASE(a_long_recovery_leaves_a_state) {
  auto log = std::make_shared<store::memory_log>();
  {
    fixture f{log, keeping(0)};
    for (int i = 1; i <= 30; ++i)
      add_mapping(f, i);
  }
  BOOST_REQUIRE(versions(*log).empty());
  fixture f{log, keeping(20)};
  f.account("acme");
  BOOST_TEST(soon([&] { return versions(*log) == std::vector<std::uint64_t>{30}; }));
}

BOOST_AUTO_TEST_CASE(an_account_that_was_loaded_from_a_state_goes_on_as_before) {
  auto log = std::make_shared<store::memory_log>();
  {
    fixture f{log, keeping(4)};
    for (int i = 1; i <= 5; ++i)
      add_mapping(f, i);
    BOOST_REQUIRE(soon([&] { return !versions(*log).empty(); }));
  }
  fixture f{log, keeping(4)};
  BOOST_TEST(f.account("acme")->kept_version == 4u);
  add_mapping(f, 6);
  BOOST_TEST(f.account("acme")->rules()->referrer_mappings().find(6) != nullptr);
  BOOST_TEST(f.account("acme")->rules()->canonical() == replayed(*log));
}

BOOST_AUTO_TEST_CASE(states_and_what_came_since_equal_a_replay_whatever_becomes_of_the_states) {
  const auto* text = std::getenv("HEADWATER_SEED");
  const auto seed = text ? std::strtoull(text, nullptr, 10) : std::random_device{}();
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::mt19937_64 random{seed};
  for (int history = 0; history < 100; ++history) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << history) {
      auto log = std::make_shared<store::memory_log>();
      fixture f{log, keeping(0)};
      const auto length = static_cast<int>(random() % 30 + 1);
      for (int i = 1; i <= length; ++i) {
        if (random() % 4 == 0)
          (void)f.command("acme", attribution::delete_referrer_mapping{
                                      static_cast<std::int64_t>(random() % 10), {}});
        else
          add_mapping(f, i);
        if (random() % 4 == 0)
          BOOST_REQUIRE(snapshots::keep_state(log->events(), log->tables(), "account/acme",
                                              *f.account("acme")->rules()));
      }
      for (const auto version : versions(*log)) {
        BOOST_REQUIRE_EQUAL(recovered(*log), replayed(*log));
        if (random() % 2 == 0)
          damage(*log, version, random);
      }
      BOOST_REQUIRE_EQUAL(recovered(*log), replayed(*log));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_state_that_lies_well_does_not_hide_an_account) {
  // Its checksum and its chain value are good, but the rule that an event changes is not in it.
  auto log = std::make_shared<store::memory_log>();
  fixture f{log, keeping(0)};
  add_mapping(f, 1);
  add_mapping(f, 2);
  BOOST_REQUIRE(snapshots::keep_state(log->events(), log->tables(), "account/acme",
                                      *f.account("acme")->rules()));
  f.command("acme", attribution::delete_referrer_mapping{2, {}}).value();
  const auto stream_key = store::stream_key("account/acme");
  const auto key = stream_key + store::be64_key(2);
  auto row = log->get(store::table::states, key).value().value();
  const auto chain = row.substr(1, 32);
  auto rules = attribution::account_rules::from_canonical(row.substr(65)).value();
  auto text = rules.canonical();
  const auto from = text.find(R"({"revision":2)");
  text.erase(from - 1, text.find("}}", from) + 3 - from);
  const auto checksum = sha256({key, chain, text});
  row = row.substr(0, 33) + std::string{as_bytes(checksum)} + text;
  const store::table_write write{store::table::states, key, row};
  BOOST_REQUIRE(log->put({&write, 1}).has_value());
  BOOST_REQUIRE(
      snapshots::find_state(log->events(), log->tables(), "account/acme").rules.has_value());
  BOOST_TEST(recovered(*log) == replayed(*log));
}

BOOST_AUTO_TEST_SUITE_END()
