#include "domain/rules/rule_store.hpp"
#include "tests/domain/core/colliding_keys.hpp"

#include <boost/test/unit_test.hpp>

using namespace headwater::attribution;
using headwater::testing::cost_of;
using headwater::testing::key_maker;

namespace {

constexpr std::size_t many = 20'000;

passthrough_referrer rule(std::int64_t id, const std::string& text) {
  passthrough_referrer out;
  out.id = id;
  out.domain = text;
  return out;
}

double cost_of_filling(const std::vector<std::string>& texts) {
  return cost_of([&] {
    rule_store<passthrough_referrer> store;
    for (const auto& text : texts)
      BOOST_REQUIRE(store.insert(rule(store.next_id(), text)));
    BOOST_REQUIRE(!store.insert(rule(store.next_id(), texts.back())));
    BOOST_TEST(store.find_text(texts.front())->id == 1);
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(rule_stores)

BOOST_AUTO_TEST_CASE(texts_that_were_made_to_collide_cost_no_more) {
  key_maker make;
  const auto usual = cost_of_filling(make.random(many));
  BOOST_TEST(cost_of_filling(make.colliding(many)) < 5 * usual);
}

BOOST_AUTO_TEST_SUITE_END()
