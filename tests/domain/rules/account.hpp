#pragma once

// An account in a test: commands go in as JSON, each event is applied at once, as the account actor
// does it.

#include "domain/rules/commands/rule_commands.hpp"
#include "domain/rules/rules.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace headwater::attribution::test {

inline draft body(std::string_view json) {
  auto parsed = parse_draft(json);
  BOOST_REQUIRE_MESSAGE(parsed, json);
  return std::move(*parsed);
}

/// "field: type" of each fault.
inline std::vector<std::string> faults_of(const error& what) {
  std::vector<std::string> found;
  for (const auto& each : what.faults)
    found.push_back(to_string(each.at) + ": " + each.type);
  return found;
}

class account {
public:
  static constexpr micros start = 1'736'071'200'000'000; // 2025-01-05T10:00:00Z

  result<decision> run(const rule_command& command) {
    auto decided = decide(rules_, command, limits_);
    if (decided && decided->event) {
      const event_meta meta{rules_.version() + 1,
                            start + static_cast<micros>(rules_.version()) * 1'000'000};
      const auto applied = rules_.apply(*decided->event, meta);
      BOOST_REQUIRE_MESSAGE(applied, (applied ? "" : applied.error().message));
    }
    return decided;
  }

  result<decision> add_mapping(std::string_view json, bool strict = false) {
    return run(create_referrer_mapping{body(json), strict});
  }
  result<decision> add_passthrough(std::string_view json, bool strict = false) {
    return run(create_passthrough_referrer{body(json), strict});
  }
  result<decision> patch_mapping(std::int64_t id, std::string_view json) {
    return run(update_referrer_mapping{id, body(json), false, {}});
  }
  result<decision> patch_passthrough(std::int64_t id, std::string_view json) {
    return run(update_passthrough_referrer{id, body(json), false, {}});
  }

  result<decision> patch_settings(std::string_view json, bool strict = false,
                                  preconditions precondition = {}) {
    return run(update_settings{body(json), strict, std::move(precondition)});
  }

  template <class Rule>
  result<decision> import(std::vector<import_row<Rule>> rows, import_mode mode) {
    auto document = std::make_shared<import_rows<Rule>>();
    document->rows = std::move(rows);
    return run(import_rules<Rule>{std::move(document), mode});
  }

  /// Changes the settings as they stand, unchecked.
  void set(attribution_settings settings) {
    const event_meta meta{rules_.version() + 1,
                          start + static_cast<micros>(rules_.version()) * 1'000'000};
    const attribution_settings_changed event{std::move(settings)};
    BOOST_REQUIRE(rules_.apply(event, meta));
  }

  const referrer_mapping& mapping(std::int64_t id) const {
    const auto found = rules_.referrer_mappings().find(id);
    BOOST_REQUIRE(found);
    return *found;
  }
  const passthrough_referrer& passthrough(std::int64_t id) const {
    const auto found = rules_.passthrough_referrers().find(id);
    BOOST_REQUIRE(found);
    return *found;
  }

  const account_rules& rules() const { return rules_; }
  rule_limits& limits() { return limits_; }

private:
  account_rules rules_;
  rule_limits limits_;
};

} // namespace headwater::attribution::test
