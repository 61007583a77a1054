// Kept states against a replay: what was written by somebody who can compute a checksum, too.

#include "domain/rules/commands/rule_commands.hpp"
#include "snapshots/account_states.hpp"
#include "snapshots/state_check.hpp"
#include "store/log/first_event.hpp"
#include "store/tables/keys.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::snapshots::testing {
namespace {

using namespace headwater::store::testing;
using store::table;

const std::string account_stream = "account/acme";

/// A log whose account has four events and states of the last two.
struct kept : rocksdb_engine {
  kept() {
    for (std::uint64_t version = 0; version < 4; ++version) {
      draft body;
      body.members.push_back({"referrer_pattern", "m" + std::to_string(version) + ".example"});
      body.members.push_back({"utm_source", std::string{"source"}});
      const auto decided =
          attribution::decide(rules, attribution::create_referrer_mapping{body, false}, {});
      const auto event = attribution::encode(decided.value().event.value());
      store::append_command command;
      command.events.push_back(make_event(event.payload, event.type));
      const auto outcome = append_one(*log_, {account_stream, version, {std::move(command)}});
      const auto& header = outcome.events.at(0);
      BOOST_REQUIRE(rules.apply(*decided->event, {header.sequence, header.time}));
      if (version >= 2)
        BOOST_REQUIRE(keep_state(*log_, *log_, account_stream, rules));
    }
  }

  /// Puts a state of the last event that reads well, and is another one.
  void forge() {
    const auto key = store::stream_key(account_stream) + store::be64_key(4);
    const auto chain = store::first_event(*log_, account_stream, 4).value()->chain;
    auto text = rules.canonical();
    text.replace(text.find("source\":\"source"), 15, "source\":\"forged");
    std::string row{'\1'};
    row += as_bytes(chain);
    row += as_bytes(sha256({key, as_bytes(chain), text}));
    const store::table_write write{table::states, key, row + text};
    BOOST_REQUIRE(log_->put({&write, 1}));
  }

  attribution::account_rules rules;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(state_checks, kept)

BOOST_AUTO_TEST_CASE(kept_states_are_what_a_replay_gives) {
  const auto checked = check_states(*log_, *log_, [](std::uint64_t) {});
  BOOST_REQUIRE_MESSAGE(checked, checked.error().message);
  BOOST_TEST(*checked == 2U);
}

BOOST_AUTO_TEST_CASE(forged_state_is_named_by_stream_and_version) {
  forge();
  BOOST_REQUIRE(
      find_state(*log_, *log_, account_stream).rules.has_value()); // nothing else would tell
  const auto checked = check_states(*log_, *log_, [](std::uint64_t) {});
  BOOST_REQUIRE(!checked);
  BOOST_TEST((checked.error().code == errc::corrupt_log));
  BOOST_TEST(checked.error().message.starts_with("stream account/acme, sequence 4: the state"),
             checked.error().message);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::snapshots::testing
