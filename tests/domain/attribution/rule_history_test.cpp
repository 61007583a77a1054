#include "account.hpp"
#include "plain_scan.hpp"
#include "random_source.hpp"

#include <iostream>
#include <map>
#include <random>

using namespace headwater;
using namespace headwater::attribution;

namespace {

/// Random commands over few names, so that conflicts, no-ops and reuse of names are common.
class command_source {
public:
  explicit command_source(std::uint64_t seed) : random_(seed) {}

  rule_command next() {
    const auto id = static_cast<std::int64_t>(below(9));
    switch (below(8)) {
    case 0:
    case 1:
      return create_passthrough_referrer{passthrough_body(true), false};
    case 2:
      return update_passthrough_referrer{id, passthrough_body(false), false, precondition()};
    case 3:
      return delete_passthrough_referrer{id, precondition()};
    case 4:
    case 5:
      return create_referrer_mapping{mapping_body(true), false};
    case 6:
      return update_referrer_mapping{id, mapping_body(false), false, precondition()};
    default:
      return delete_referrer_mapping{id, precondition()};
    }
  }

  std::string host() {
    static const std::vector<std::string> labels{"a", "b", "www", "shop", "aa", "ab"};
    std::string name = pick(labels);
    for (auto more = below(3); more > 0; --more)
      name += "." + pick(labels);
    return name + (below(2) ? ".com" : ".de");
  }

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

private:
  const std::string& pick(const std::vector<std::string>& from) { return from[below(from.size())]; }

  std::optional<if_match> precondition() {
    if (below(4) != 0)
      return std::nullopt;
    return if_match{.any = below(2) == 0, .tags = {std::to_string(below(20))}};
  }

  void common(draft& body) {
    static const std::vector<std::string> texts{"", "x", "\xC3\xA4\"\\", "long value"};
    if (below(2))
      body.members.push_back({"utm_campaign", pick(texts)});
    if (below(2))
      body.members.push_back({"is_active", below(3) != 0});
    if (below(8) == 0)
      body.members.push_back({"utm_medium", json_null{}});
  }

  draft passthrough_body(bool whole) {
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"domain", host()});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", std::string(below(9) ? "s" : "")});
    common(body);
    return body;
  }

  draft mapping_body(bool whole) {
    static const std::vector<std::string> types{"exact", "contains", "starts_with", "ends_with",
                                                "regex"};
    static const std::vector<std::string> patterns{"a",    ".com",   "shop", "^a+\\.",
                                                   "www.", "(a|b)$", "b.de", "("};
    draft body;
    if (whole || below(3) == 0)
      body.members.push_back({"referrer_pattern", below(2) ? host() : pick(patterns)});
    if (below(2))
      body.members.push_back({"match_type", pick(types)});
    if (whole || below(3) == 0)
      body.members.push_back({"utm_source", std::string("s")});
    if (below(2))
      body.members.push_back({"priority", static_cast<std::int64_t>(below(4))});
    if (below(3) == 0)
      body.members.push_back({"label", below(2) ? json_value(json_null{}) : json_value(host())});
    common(body);
    return body;
  }

  std::mt19937_64 random_;
};

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
