#include "plain_scan.hpp"
#include "tests/domain/rules/account.hpp"
#include "tests/domain/rules/random_rules.hpp"

#include <iostream>
#include <random>

using namespace headwater::attribution;
using namespace headwater::attribution::test;

namespace {

/// How often something was compared, so that an idle generator does not pass for a proof.
struct tally {
  std::size_t hosts = 0, mapped = 0, passed = 0, refused = 0;
};

void change(account& one, rule_source& source, tally& seen) {
  const auto ids =
      static_cast<std::int64_t>(2 + std::max(one.rules().referrer_mappings().total(),
                                             one.rules().passthrough_referrers().total()));
  if (!one.run(source.command(ids)))
    ++seen.refused;
}

void compare(const rule_set& set, const account_rules& rules, std::string_view host, tally& seen) {
  const auto all = scan_all_mappings(rules, host);
  const auto mapping = all.empty() ? 0 : all.front();
  const auto passthrough = scan_passthrough(rules, host);
  if (matched_id(set, host) != mapping || passthrough_id(set, host) != passthrough)
    BOOST_FAIL("host '" << host << "': mapping " << matched_id(set, host) << ", a scan finds "
                        << mapping << "; passthrough " << passthrough_id(set, host)
                        << ", a scan finds " << passthrough << "; rules " << rules.canonical());
  if (candidate_ids(set, host) != all)
    BOOST_FAIL("host '" << host << "': not the candidates of a scan; rules " << rules.canonical());
  ++seen.hosts;
  seen.mapped += mapping ? 1 : 0;
  seen.passed += passthrough ? 1 : 0;
}

/// One account's life: rules change, and between changes hosts are resolved, by rules compiled just
/// now and by those of any time before with what changed since.
void live(rule_source& source, tally& seen) {
  account one;
  std::vector bases{compiled_rules::none()};
  for (auto rounds = 1 + source.below(4); rounds > 0; --rounds) {
    for (auto changes = source.below(50) ? source.below(14) : 300; changes > 0; --changes)
      change(one, source, seen);
    const auto old = bases[source.below(bases.size())];
    bases.push_back(std::make_shared<const compiled_rules>(one.rules()));
    for (const auto& set : {rule_set(bases.back(), one.rules()), rule_set(old, one.rules())}) {
      BOOST_REQUIRE_EQUAL(set.version(), one.rules().version());
      for (int i = 0; i < 6; ++i)
        compare(set, one.rules(), source.host(one.rules()), seen);
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_set_equality)

BOOST_AUTO_TEST_CASE(the_compiled_set_decides_as_a_plain_scan_does) {
  const auto seed = setting("HEADWATER_SEED", std::random_device{}());
  const auto histories = setting("HEADWATER_HISTORIES", 2'000);
  std::cout << "HEADWATER_SEED=" << seed << std::endl;
  tally seen;
  for (std::uint64_t history = 0; history < histories; ++history) {
    BOOST_TEST_CONTEXT("HEADWATER_SEED=" << seed << ", history " << history) {
      rule_source source(seed + history);
      live(source, seen);
    }
  }
  std::cout << histories << " histories, " << seen.hosts << " hosts compared, " << seen.mapped
            << " mapped, " << seen.passed << " passed through, " << seen.refused
            << " commands refused" << std::endl;
  BOOST_TEST(seen.mapped > seen.hosts / 10);
  BOOST_TEST(seen.mapped < seen.hosts * 9 / 10);
  BOOST_TEST(seen.passed > seen.hosts / 50);
}

BOOST_AUTO_TEST_SUITE_END()
