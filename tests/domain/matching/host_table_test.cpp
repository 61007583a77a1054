#include "domain/matching/host_table.hpp"
#include "tests/domain/core/colliding_keys.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace headwater::attribution;
using headwater::testing::cost_of;

namespace {

constexpr std::size_t many = 20'000;

std::string host_of(std::size_t number) {
  return "site-" + std::to_string(number) + ".com";
}

std::vector<std::uint32_t> values_of(const host_table& table, std::string_view key) {
  std::vector<std::uint32_t> out;
  table.each(key, [&](std::uint32_t value) { out.push_back(value); });
  std::ranges::sort(out);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(host_tables)

BOOST_AUTO_TEST_CASE(every_value_is_found_by_its_key) {
  host_table table(many);
  for (std::uint32_t i = 0; i < many; ++i)
    table.insert(host_of(i), i);
  std::size_t others = 0;
  for (std::uint32_t i = 0; i < many; ++i) {
    const auto found = values_of(table, host_of(i));
    BOOST_REQUIRE(std::ranges::binary_search(found, i));
    others += found.size() - 1;
    others += values_of(table, host_of(many + i)).size();
  }
  BOOST_TEST(others < 10U); // of 32 bits of a hash
}

BOOST_AUTO_TEST_CASE(an_empty_table_has_no_values) {
  BOOST_TEST(host_table().empty());
  BOOST_TEST(values_of(host_table(), "acme.com").empty());
}

// Whatever their hashes are, keys cannot crowd out more than the cells that a look-up reads.
BOOST_AUTO_TEST_CASE(values_of_one_key_are_all_found_and_cost_the_others_little) {
  host_table crowded(many);
  for (std::uint32_t i = 0; i < many; ++i)
    crowded.insert("acme.com", i);
  const auto found = values_of(crowded, "acme.com");
  BOOST_REQUIRE(found.size() == many);
  for (std::uint32_t i = 0; i < many; ++i)
    BOOST_REQUIRE(found[i] == i);
  crowded.insert("other.com", many);
  BOOST_TEST(std::ranges::count(values_of(crowded, "other.com"), many) == 1);
}

BOOST_AUTO_TEST_CASE(a_crowded_table_is_filled_about_as_fast_as_another) {
  const auto fill = [](auto&& key_of) {
    return cost_of([&] {
      host_table table(many);
      for (std::uint32_t i = 0; i < many; ++i)
        table.insert(key_of(i), i);
      BOOST_TEST(!table.empty());
    });
  };
  const auto usual = fill([](std::uint32_t i) { return host_of(i); });
  BOOST_TEST(fill([](std::uint32_t) { return std::string("acme.com"); }) < 10 * usual);
}

BOOST_AUTO_TEST_SUITE_END()
