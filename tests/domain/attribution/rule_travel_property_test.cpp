#include "domain/attribution/rule_diff.hpp"
#include "random_commands.hpp"
#include "random_source.hpp"

#include <iostream>
#include <map>

using namespace headwater;
using namespace headwater::attribution;
using test::command_source;

namespace {

struct logged {
  rule_event event;
  event_meta meta;
};

/// The values of each rule by kind and id, as a client would see them but for updated_at.
using values = std::map<std::pair<bool, std::int64_t>, std::string>;

template <class Rule>
std::string value_of(Rule rule) {
  rule.updated_at = 0;
  canonical_writer out;
  write_resource(out, rule, "acme");
  return std::move(out).str();
}

template <class Rule>
std::pair<bool, std::int64_t> key_of(const Rule& rule) {
  return {std::is_same_v<Rule, referrer_mapping>, rule.id};
}

values values_of(const account_rules& rules) {
  values out;
  const auto add = [&](const auto& rule) { out.emplace(key_of(*rule), value_of(*rule)); };
  rules.passthrough_referrers().each(add);
  rules.referrer_mappings().each(add);
  return out;
}

/// Applies a difference as a reader of it would: nothing in it may be redundant.
template <class Rule>
void patch(values& state, const import_plan<Rule>& plan) {
  for (const auto& rule : plan.removed)
    BOOST_REQUIRE(state.erase(key_of(*rule)) == 1);
  for (const auto& each : plan.added)
    BOOST_REQUIRE(state.emplace(key_of(each.rule), value_of(each.rule)).second);
  for (const auto& each : plan.changed) {
    auto& value = state.at(key_of(each.rule));
    BOOST_REQUIRE(value == value_of(*each.before));
    BOOST_REQUIRE(value != value_of(each.rule));
    value = value_of(each.rule);
  }
}

/// As the log gives them back.
account_rules replay(const std::vector<logged>& log, std::size_t version) {
  account_rules rules;
  for (std::size_t i = 0; i < version; ++i) {
    const auto bytes = encode(log[i].event);
    BOOST_REQUIRE(
        rules.apply(decode(bytes.type, bytes.schema, bytes.payload).value(), log[i].meta));
  }
  return rules;
}

/// Every rule that a difference names was touched in between, and tells of its last touch.
template <class Rule>
void check_touches(const import_plan<Rule>& plan, const rule_touches& touched) {
  const auto check = [&](const Rule& rule, std::uint64_t revision) {
    const auto* touch = touched.find(rule);
    BOOST_REQUIRE(touch);
    BOOST_REQUIRE(touch->by == std::to_string(touch->version));
    BOOST_REQUIRE(revision == 0 || touch->version == revision);
  };
  for (const auto& each : plan.added)
    check(each.rule, each.rule.revision);
  for (const auto& each : plan.changed)
    check(each.rule, each.rule.revision);
  for (const auto& rule : plan.removed)
    check(*rule, 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_travels)

BOOST_AUTO_TEST_CASE(past_states_differences_and_restores_agree) {
  const auto seed = test::setting("HEADWATER_SEED", std::random_device{}());
  const auto histories = test::setting("HEADWATER_HISTORIES", 300);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::size_t restores = 0;
  for (std::uint64_t history = 0; history < histories; ++history) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << history) {
      command_source source(seed + history);
      std::vector<account_rules> states(1); // by version, as they were when they were current
      std::vector<logged> log;
      for (auto commands = 5 + source.below(40); commands > 0; --commands) {
        const auto& live = states.back();
        rule_command command = source.next();
        std::optional<std::size_t> back;
        if (source.below(5) == 0) {
          back = source.below(states.size());
          command = restore_rules{std::make_shared<const account_rules>(states[*back]),
                                  {*back, static_cast<micros>(*back)}};
        }
        const auto decided = decide(live, command, {.max_per_kind = 8});
        BOOST_REQUIRE(!back || decided);
        if (!decided || !decided->event) {
          BOOST_REQUIRE(!back || values_of(live) == values_of(states[*back]));
          continue;
        }
        const event_meta meta{live.version() + 1, static_cast<micros>(live.version() * 7)};
        log.push_back({*decided->event, meta});
        auto next = live;
        BOOST_REQUIRE(next.apply(*decided->event, meta));
        states.push_back(std::move(next));
        if (!back)
          continue;
        ++restores;
        BOOST_REQUIRE(values_of(states.back()) == values_of(states[*back]));
        const auto& before = states[states.size() - 2];
        BOOST_REQUIRE(states.back().referrer_mappings().next_id() ==
                      before.referrer_mappings().next_id());
        BOOST_REQUIRE(states.back().passthrough_referrers().next_id() ==
                      before.passthrough_referrers().next_id());
      }
      for (int i = 0; i < 6; ++i) {
        const auto from = source.below(states.size());
        const auto to = from + source.below(states.size() - from);
        BOOST_REQUIRE(replay(log, to).canonical() == states[to].canonical());
        const auto plan = plan_restore(states[from], states[to]);
        auto patched = values_of(states[from]);
        patch(patched, plan.passthrough_referrers);
        patch(patched, plan.referrer_mappings);
        BOOST_REQUIRE(patched == values_of(states[to]));
        rule_touches touched;
        for (auto at = from; at < to; ++at)
          touched.add(log[at].event, log[at].meta, std::to_string(log[at].meta.sequence));
        check_touches(plan.passthrough_referrers, touched);
        check_touches(plan.referrer_mappings, touched);
      }
    }
  }
  BOOST_TEST(restores >= histories / 4);
}

BOOST_AUTO_TEST_SUITE_END()
