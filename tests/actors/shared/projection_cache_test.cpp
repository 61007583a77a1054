#include "actors/shared/projection_cache.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using headwater::actors::projection_cache;

BOOST_AUTO_TEST_SUITE(cache_of_projections)

BOOST_AUTO_TEST_CASE(a_reader_cannot_bring_back_what_a_writer_replaced) {
  projection_cache<int, const std::string> cache{16};
  auto generation = cache.generation(1);
  cache.put(1, std::make_shared<const std::string>("new"));
  cache.erase(1);
  cache.insert(1, std::make_shared<const std::string>("old"), generation);
  BOOST_TEST(!cache.find(1));
}

BOOST_AUTO_TEST_CASE(an_offer_for_a_cached_key_gives_the_cached_value) {
  projection_cache<int, const std::string> cache{16};
  cache.put(1, std::make_shared<const std::string>("new"));
  auto given = cache.insert(1, std::make_shared<const std::string>("old"), cache.generation(1));
  BOOST_TEST(*given == "new");
}

BOOST_AUTO_TEST_CASE(it_keeps_no_more_than_its_capacity_and_drops_the_least_used) {
  projection_cache<int, const int> cache{160};
  for (int i = 0; i < 10'000; ++i)
    cache.put(i, std::make_shared<const int>(i));
  BOOST_TEST(cache.values().size() <= 176u);
  BOOST_TEST(cache.find(9'999));
  BOOST_TEST(!cache.find(0));
}

BOOST_AUTO_TEST_SUITE_END()
