#include "domain/referrals/batch_record.hpp"
#include "domain/referrals/key_prefixes.hpp"
#include "domain/referrals/page_block.hpp"
#include "domain/referrals/projection.hpp"
#include "domain/referrals/rollup_key.hpp"
#include "domain/referrals/row_block.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace headwater::referrals;

namespace {

const std::string one = "01HZX3J5K6M7N8P9Q0R1S2T3V4";
const std::string other = "01HZX3J5K6M7N8P9Q0R1S2T3V5";

bool covers(const std::vector<std::string>& prefixes, const std::string& key) {
  return std::ranges::any_of(prefixes,
                             [&](const std::string& prefix) { return key.starts_with(prefix); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(prefixes)

BOOST_AUTO_TEST_CASE(every_row_of_a_connection_has_one_of_its_prefixes_and_no_others_has) {
  const auto of_one = prefixes_of_connection(one);
  for (const auto& id : {one, other}) {
    const bool own = id == one;
    for (const auto& key : {connection_key(id), batch_key(id, 7), life_key(id, 1)})
      BOOST_TEST(covers(of_one.referrals, key) == own);
    for (const auto& key : {row_block_key(id, row_place{20'000, {}}), page_block_key(id, 77)})
      BOOST_TEST(covers(of_one.rows, key) == own);
    for (const auto kind :
         {rollup_kind::platforms_of_day, rollup_kind::pages_of_day, rollup_kind::pages_of_month})
      BOOST_TEST(covers(of_one.rollups, rollup_key(kind, id, 20'000, 3)) == own);
    BOOST_TEST(covers(of_one.rollups, row_count_key(id)) == own);
  }
}

BOOST_AUTO_TEST_CASE(every_index_row_of_a_brand_has_one_of_its_prefixes_and_no_others_has) {
  const auto of_one = prefixes_of_brand(258);
  for (const std::int64_t brand : {258, 2, 259}) {
    const bool own = brand == 258;
    for (const auto& key : {active_website_key(brand, "https://shop.example"),
                            registration_key(brand, "https://shop.example", provider::custom),
                            brand_list_key(brand, one)})
      BOOST_TEST(covers(of_one, key) == own);
  }
}

BOOST_AUTO_TEST_SUITE_END()
