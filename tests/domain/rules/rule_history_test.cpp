#include "account.hpp"
#include "random_commands.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/resolve/plain_scan.hpp"

#include <iostream>
#include <map>
#include <random>

using namespace headwater;
using namespace headwater::attribution;
using test::command_source;

namespace {

struct logged {
  encoded_event event;
  event_meta meta;
};

account_rules replay(const std::vector<logged>& log) {
  account_rules rules;
  for (const auto& [bytes, meta] : log) {
    const auto event = decode(bytes.type, bytes.schema, bytes.payload);
    BOOST_REQUIRE_MESSAGE(event, (event ? "" : event.error().message));
    const auto applied = rules.apply(*event, meta);
    BOOST_REQUIRE_MESSAGE(applied, (applied ? "" : applied.error().message));
  }
  return rules;
}

void check_state(const account_rules& rules) {
  std::map<std::string, std::int64_t> texts;
  std::size_t active = 0;
  rules.referrer_mappings().each([&](const auto& rule) {
    BOOST_REQUIRE(texts.emplace(rule->referrer_pattern, rule->id).second);
    BOOST_REQUIRE(rules.referrer_mappings().find_text(rule->referrer_pattern) == rule);
    active += rule->is_active ? 1 : 0;
  });
  BOOST_REQUIRE(texts.size() == rules.referrer_mappings().total());
  BOOST_REQUIRE(active == rules.referrer_mappings().active());
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_histories)

BOOST_AUTO_TEST_CASE(replay_equals_live_and_the_compiled_set_equals_its_definition) {
  const auto seed = test::setting("HEADWATER_SEED", std::random_device{}());
  const auto histories = test::setting("HEADWATER_HISTORIES", 1000);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::size_t events = 0;
  for (std::uint64_t history = 0; history < histories; ++history) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << history) {
      command_source source(seed + history);
      account_rules live;
      std::vector<logged> log;
      std::vector<account_rules> copies;
      std::vector<std::string> canonicals;
      for (auto commands = 5 + source.below(40); commands > 0; --commands) {
        const auto decided = decide(live, source.next(), {.max_per_kind = 8});
        if (!decided || !decided->event)
          continue;
        const event_meta meta{live.version() + 1, static_cast<micros>(live.version() * 7)};
        log.push_back({encode(*decided->event), meta});
        BOOST_REQUIRE(live.apply(*decided->event, meta));
        if (source.below(4) == 0) {
          copies.push_back(live);
          canonicals.push_back(live.canonical());
        }
      }
      events += log.size();
      check_state(live);
      BOOST_REQUIRE(replay(log).canonical() == live.canonical());
      for (std::size_t i = 0; i < copies.size(); ++i)
        BOOST_REQUIRE(copies[i].canonical() == canonicals[i]);
      // The newest rules through their own compiled form, and through an older one.
      const auto& older = copies.empty() ? live : copies[copies.size() / 2];
      const rule_set fresh(live);
      const rule_set stale(std::make_shared<const compiled_rules>(older), live);
      for (const auto* set : {&fresh, &stale})
        BOOST_REQUIRE(set->settings() == live.settings());
      for (int i = 0; i < 10; ++i) {
        const auto host = source.host();
        for (const auto* set : {&fresh, &stale}) {
          BOOST_REQUIRE_EQUAL(test::matched_id(*set, host), test::scan_mappings(live, host));
          BOOST_REQUIRE_EQUAL(test::passthrough_id(*set, host), test::scan_passthrough(live, host));
        }
      }
    }
  }
  BOOST_TEST(events >= histories); // the commands are not all refused
}

BOOST_AUTO_TEST_SUITE_END()
