// Kept states of accounts: which one is found, and that a damaged one never is.

#include "domain/rules/commands/rule_commands.hpp"
#include "snapshots/account_states.hpp"
#include "store/tables/keys.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::snapshots::testing {
namespace {

using namespace headwater::store::testing;
using attribution::account_rules;
using store::log_engine;
using store::table;
using store::table_write;

const std::string stream = "account/acme";

/// The account's rules, changed by one mapping that is also appended to the log.
void change(store::event_log& log, account_rules& rules, const std::string& of = stream) {
  draft body;
  const auto n = std::to_string(rules.version() + 1);
  body.members.push_back({"referrer_pattern", "m" + n + ".example"});
  body.members.push_back({"utm_source", "s" + n});
  const auto decided =
      attribution::decide(rules, attribution::create_referrer_mapping{body, false}, {});
  BOOST_REQUIRE(decided.has_value());
  const auto event = attribution::encode(*decided->event);
  store::append_command command;
  command.events.push_back(make_event(event.payload, event.type));
  auto outcome = append_one(log, {of, rules.version(), {std::move(command)}});
  BOOST_REQUIRE_MESSAGE(outcome.status == store::append_status::appended, outcome.reason);
  const auto& header = outcome.events.front();
  BOOST_REQUIRE(rules.apply(*decided->event, {header.sequence, header.time}));
}

void must_keep(log_engine& log, const account_rules& rules) {
  const auto kept = keep_state(log.events(), log.tables(), stream, rules);
  BOOST_REQUIRE_MESSAGE(kept, kept.error().message);
}

std::vector<std::uint64_t> kept_versions(const store::table_store& tables) {
  std::vector<std::uint64_t> out;
  const auto states = list_states(tables, stream);
  BOOST_REQUIRE_MESSAGE(states, states.error().message);
  for (const auto& each : *states)
    out.push_back(each.version);
  return out;
}

std::string key_of(std::uint64_t version) {
  return store::stream_key(stream) + store::be64_key(version);
}

void put_row(store::table_store& tables, std::string key, std::optional<std::string> row) {
  const table_write write{table::states, std::move(key), std::move(row)};
  BOOST_REQUIRE(tables.put({&write, 1}).has_value());
}

/// A log with two kept states of the account, at versions 2 and 4, of 5.
struct two_states {
  explicit two_states(log_engine& in) : log(in) {
    for (std::uint64_t version = 1; version <= 5; ++version) {
      change(log.events(), rules);
      if (version % 2 == 0)
        must_keep(log, rules);
      by_version.push_back(rules.canonical());
    }
  }
  [[nodiscard]] std::string canonical_at(std::uint64_t version) const {
    return by_version.at(version - 1);
  }
  log_engine& log;
  account_rules rules;
  std::vector<std::string> by_version;
};

} // namespace

BOOST_AUTO_TEST_SUITE(account_states)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_newest_is_found_and_equals_the_rules_of_its_version, Engine,
                              engines) {
  Engine engine;
  const two_states account{engine.log()};
  const auto found = find_state(engine.log(), engine.log(), stream);
  BOOST_REQUIRE(found.rules.has_value());
  BOOST_TEST(found.rules->version() == 4u);
  BOOST_TEST(found.rules->canonical() == account.canonical_at(4));
  BOOST_TEST(found.passed_over.empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(only_the_last_two_stay, Engine, engines) {
  Engine engine;
  account_rules rules;
  for (int version = 1; version <= 7; ++version) {
    change(engine.log(), rules);
    must_keep(engine.log(), rules);
  }
  BOOST_TEST(kept_versions(engine.log()) == (std::vector<std::uint64_t>{6, 7}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(another_account_has_none, Engine, engines) {
  Engine engine;
  const two_states account{engine.log()};
  BOOST_TEST(!find_state(engine.log(), engine.log(), "account/acm").rules.has_value());
  BOOST_TEST(!find_state(engine.log(), engine.log(), "account/acme2").rules.has_value());
}

BOOST_AUTO_TEST_CASE(a_row_changed_in_any_byte_is_passed_over_for_the_older_one) {
  store::memory_log log;
  const two_states account{log};
  const auto good = log.get(table::states, key_of(4)).value().value();
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    put_row(log, key_of(4), bad);
    const auto found = find_state(log, log, stream);
    BOOST_REQUIRE_MESSAGE(found.rules.has_value(), "byte " << at);
    BOOST_REQUIRE_EQUAL(found.rules->canonical(), account.canonical_at(2));
    BOOST_REQUIRE_EQUAL(found.passed_over.size(), 1u);
    BOOST_REQUIRE(!list_states(log, stream).has_value());
  }
}

BOOST_AUTO_TEST_CASE(with_all_of_them_damaged_or_gone_there_is_none) {
  store::memory_log log;
  const two_states account{log};
  put_row(log, key_of(4), "x");
  put_row(log, key_of(2), "");
  const auto damaged = find_state(log, log, stream);
  BOOST_TEST(!damaged.rules.has_value());
  BOOST_TEST(damaged.passed_over.size() == 2u);
  put_row(log, key_of(4), std::nullopt);
  put_row(log, key_of(2), std::nullopt);
  const auto gone = find_state(log, log, stream);
  BOOST_TEST(!gone.rules.has_value());
  BOOST_TEST(gone.passed_over.empty());
}

BOOST_AUTO_TEST_CASE(a_row_under_another_key_is_passed_over) {
  store::memory_log log;
  const two_states account{log};
  const auto older = log.get(table::states, key_of(2)).value();
  put_row(log, key_of(5), older);
  const auto found = find_state(log, log, stream);
  BOOST_REQUIRE(found.rules.has_value());
  BOOST_TEST(found.rules->version() == 4u);
  BOOST_TEST(found.passed_over.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_state_of_another_history_is_passed_over) {
  store::memory_log here;
  store::memory_log there;
  const two_states account{here};
  account_rules other;
  change(there, other, "account/else"); // every chain value after it differs
  account_rules rules;
  for (int i = 0; i < 5; ++i)
    change(there, rules);
  put_row(there, key_of(4), here.get(table::states, key_of(4)).value());
  const auto found = find_state(there, there, stream);
  BOOST_TEST(!found.rules.has_value());
  BOOST_REQUIRE_EQUAL(found.passed_over.size(), 1u);
  BOOST_TEST(found.passed_over.front() == "it reflects another history");
}

BOOST_AUTO_TEST_CASE(a_state_beyond_the_stream_is_passed_over) {
  store::memory_log log;
  const two_states account{log};
  put_row(log, key_of(9), log.get(table::states, key_of(4)).value());
  const auto found = find_state(log, log, stream);
  BOOST_REQUIRE(found.rules.has_value());
  BOOST_TEST(found.rules->version() == 4u);
}

BOOST_AUTO_TEST_CASE(rules_that_the_log_does_not_have_are_not_kept) {
  store::memory_log log;
  two_states account{log};
  store::memory_log empty;
  const auto refused = keep_state(empty, empty, stream, account.rules);
  BOOST_TEST(!refused.has_value());
}

BOOST_AUTO_TEST_CASE(states_are_there_after_the_log_was_closed) {
  scratch_directory directory;
  std::string wanted;
  {
    auto log = open_or_fail(directory.data());
    const two_states account{*log};
    wanted = account.canonical_at(4);
  }
  const auto log = open_or_fail(directory.data());
  BOOST_TEST(find_state(*log, *log, stream).rules.value().canonical() == wanted);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
