#include "domain/rules/transfer/rule_diff.hpp"
#include "tests/domain/core/random_source.hpp"
#include "tests/domain/rules/random_commands.hpp"

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
  json_writer out;
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

/// Every rule that a difference names was changed in between, and its last change is the one
/// reported.
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

void check_settings(const account_rules& from, const account_rules& to, const restore_plan& plan,
                    const rule_touches& touched) {
  BOOST_REQUIRE(plan.attribution.has_value() == (from.settings() != to.settings()));
  const auto* touch = touched.of_settings();
  BOOST_REQUIRE((touch != nullptr) == (from.settings_revision() != to.settings_revision()));
  BOOST_REQUIRE(!touch || touch->version == to.settings_revision());
  if (!plan.attribution)
    return;
  BOOST_REQUIRE(touch);
  BOOST_REQUIRE(*plan.attribution->before == from.settings());
  BOOST_REQUIRE(*plan.attribution->after == to.settings());
}

/// An account's states by version, as they were when they were current, and the events between.
struct history {
  std::vector<account_rules> states = std::vector<account_rules>(1);
  std::vector<logged> log;

  /// Whether it made an event; nothing where it was refused.
  std::optional<bool> run(const rule_command& command) {
    const auto& live = states.back();
    const auto decided = decide(live, command, {.max_per_kind = 8});
    if (!decided)
      return std::nullopt;
    if (!decided->event)
      return false;
    const event_meta meta{live.version() + 1, static_cast<micros>(live.version() * 7)};
    log.push_back({*decided->event, meta});
    auto next = live;
    BOOST_REQUIRE(next.apply(*decided->event, meta));
    states.push_back(std::move(next));
    return true;
  }

  /// Afterwards rules are as they were then; whether that took an event.
  bool restore(std::size_t version) {
    const auto then = std::make_shared<const account_rules>(states[version]);
    const auto was_needed = values_of(states.back()) != values_of(*then) ||
                            states.back().settings() != then->settings();
    const auto referrers = states.back().passthrough_referrers().next_id();
    const auto mappings = states.back().referrer_mappings().next_id();
    const auto done = run(restore_rules{then, {version, static_cast<micros>(version)}});
    BOOST_REQUIRE((done == std::optional(was_needed)));
    BOOST_REQUIRE(values_of(states.back()) == values_of(*then));
    BOOST_REQUIRE(states.back().settings() == then->settings());
    BOOST_REQUIRE(states.back().passthrough_referrers().next_id() == referrers);
    BOOST_REQUIRE(states.back().referrer_mappings().next_id() == mappings);
    return was_needed;
  }

  void check_between(std::size_t from, std::size_t to) const {
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
    check_settings(states[from], states[to], plan, touched);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(rule_travels)

BOOST_AUTO_TEST_CASE(past_states_differences_and_restores_agree) {
  const auto seed = test::setting("HEADWATER_SEED", std::random_device{}());
  const auto histories = test::setting("HEADWATER_HISTORIES", 300);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  std::size_t restores = 0;
  for (std::uint64_t number = 0; number < histories; ++number) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << number) {
      command_source source(seed + number);
      history one;
      for (auto commands = 5 + source.below(40); commands > 0; --commands)
        if (source.below(5) == 0)
          restores += one.restore(source.below(one.states.size())) ? 1 : 0;
        else
          (void)one.run(source.next());
      for (int i = 0; i < 6; ++i) {
        const auto from = source.below(one.states.size());
        one.check_between(from, from + source.below(one.states.size() - from));
      }
    }
  }
  BOOST_TEST(restores >= histories / 4);
}

BOOST_AUTO_TEST_SUITE_END()
