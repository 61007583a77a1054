#include "domain/rules/rule_events.hpp"
#include "domain/rules/rule_kind.hpp"
#include "domain/rules/rule_mentions.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace headwater;
using namespace headwater::attribution;

namespace {

using rules_named = std::set<std::pair<std::string_view, std::int64_t>>;

/// Which rules an event is about, from its value.
struct rules_by_value {
  template <class Rule>
  rules_named operator()(const rule_created<Rule>& event) const {
    return {{rule_kind<Rule>::name, event.rule.id}};
  }
  template <class Rule>
  rules_named operator()(const rule_changed<Rule>& event) const {
    return {{rule_kind<Rule>::name, event.rule.id}};
  }
  template <class Rule>
  rules_named operator()(const rule_deleted<Rule>& event) const {
    return {{rule_kind<Rule>::name, event.id}};
  }
  template <class Rule>
  rules_named operator()(const rules_imported<Rule>& event) const {
    return of_lists<Rule>(event);
  }
  rules_named operator()(const rules_restored& event) const {
    auto out = of_lists<passthrough_referrer>(event.passthrough_referrers);
    out.merge(of_lists<referrer_mapping>(event.referrer_mappings));
    return out;
  }
  rules_named operator()(const attribution_settings_changed&) const { return {}; }

  template <class Rule>
  static rules_named of_lists(const auto& lists) {
    rules_named out;
    for (const auto* some : {&lists.added, &lists.changed})
      for (const auto& each : *some)
        out.emplace(rule_kind<Rule>::name, each.id);
    for (const auto id : lists.removed)
      out.emplace(rule_kind<Rule>::name, id);
    return out;
  }
};

class mention_source {
public:
  explicit mention_source(std::uint64_t seed) : random_(seed) {}

  rule_event next() {
    switch (below(10)) {
    case 0:
      return passthrough_referrer_created{referrer()};
    case 1:
      return passthrough_referrer_changed{referrer()};
    case 2:
      return passthrough_referrer_deleted{id()};
    case 3:
      return referrer_mapping_created{mapping()};
    case 4:
      return referrer_mapping_changed{mapping()};
    case 5:
      return referrer_mapping_deleted{id()};
    case 6:
      return filled<passthrough_referrers_imported>([&] { return referrer(); });
    case 7:
      return filled<referrer_mappings_imported>([&] { return mapping(); });
    case 8: {
      rules_restored out;
      out.passthrough_referrers =
          filled<restored_rules<passthrough_referrer>>([&] { return referrer(); });
      out.referrer_mappings = filled<restored_rules<referrer_mapping>>([&] { return mapping(); });
      if (below(2) == 0)
        out.attribution.emplace().own_domains = {text()};
      return out;
    }
    default:
      return attribution_settings_changed{};
    }
  }

private:
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  std::int64_t id() { return 1 + below(25); }
  /// Text that looks as if it were a payload's.
  std::string text() {
    const auto number = std::to_string(id());
    const std::string all[] = {"plain",
                               R"("id":)" + number + ",",
                               R"(\"id\":)" + number + "}",
                               R"({"removed":[)" + number + "]}",
                               R"(","referrer_mappings":{"id":)" + number + "}",
                               "\\"};
    return all[below(6)];
  }
  passthrough_referrer referrer() {
    passthrough_referrer out;
    out.id = id();
    out.domain = text();
    out.utm.source = text();
    return out;
  }
  referrer_mapping mapping() {
    referrer_mapping out;
    out.id = id();
    out.referrer_pattern = text();
    out.label = text();
    return out;
  }
  template <class Lists, class Make>
  Lists filled(Make make) {
    Lists out;
    for (auto* some : {&out.added, &out.changed})
      for (auto more = below(3); more > 0; --more)
        some->push_back(make());
    for (auto more = below(3); more > 0; --more)
      out.removed.push_back(id());
    return out;
  }

  std::mt19937_64 random_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(rule_mentions)

BOOST_AUTO_TEST_CASE(event_is_about_the_rules_that_its_value_names_and_no_others) {
  const auto seed = std::random_device{}();
  BOOST_TEST_INFO("seed " << seed);
  mention_source events(seed);
  std::size_t about = 0;
  for (int round = 0; round < 3'000; ++round) {
    const auto event = events.next();
    const auto encoded = encode(event);
    const auto expected = std::visit(rules_by_value{}, event);
    for (const auto kind :
         {rule_kind<passthrough_referrer>::name, rule_kind<referrer_mapping>::name})
      for (std::int64_t id = 1; id <= 30; ++id) {
        const bool is = is_about(encoded.type, encoded.payload, {kind, id});
        BOOST_REQUIRE_MESSAGE(is == expected.contains({kind, id}),
                              encoded.type << " " << encoded.payload << " " << kind << " " << id);
        about += is ? 1 : 0;
      }
  }
  BOOST_TEST(about > 1'000U);
}

BOOST_AUTO_TEST_CASE(event_that_is_about_no_rule_is_about_none_of_any_number) {
  for (const auto* type :
       {"api_token_created", "attribution_settings_changed", "", "rules_restored"})
    BOOST_TEST(!is_about(type, R"({"id":5,"removed":[5]})", {"referrer_mapping", 5}));
  BOOST_TEST(!is_about("referrer_mapping_deleted", "", {"referrer_mapping", 5}));
}

BOOST_AUTO_TEST_CASE(rules_are_named_by_kind_and_id) {
  BOOST_TEST((parse_rule_name("referrer_mapping:5") == rule_name{"referrer_mapping", 5}));
  BOOST_TEST((parse_rule_name("passthrough_referrer:9223372036854775807") ==
              rule_name{"passthrough_referrer", 9223372036854775807}));
  for (const auto* bad :
       {"", "referrer_mapping", "referrer_mapping:", "referrer_mapping:0", "referrer_mapping:-1",
        "referrer_mapping:+1", "referrer_mapping:05", "referrer_mapping:5 ", "referrer_mapping: 5",
        "referrer_mapping:x", "referrer_mapping:9223372036854775808", "referrer_mappings:5",
        "return_path:5", "5", ":5", "Referrer_mapping:5"})
    BOOST_TEST(!parse_rule_name(bad).has_value(), bad);
}

BOOST_AUTO_TEST_SUITE_END()
