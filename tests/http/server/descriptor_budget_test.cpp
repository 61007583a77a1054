// What is decided about a limit of open files, without any.

#include "http/server/descriptor_budget.hpp"
#include "store/disk/open_files.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace headwater::http::testing {

BOOST_AUTO_TEST_SUITE(descriptor_budgets)

BOOST_AUTO_TEST_CASE(the_limit_that_is_wanted_gives_everybody_all) {
  const descriptor_demand demand{3, 2, 10'000};
  const auto wanted = descriptors_wanted(demand);
  for (const auto limit : {wanted, wanted + 1, std::size_t{1} << 40}) {
    const auto budget = share_descriptors(demand, limit);
    BOOST_REQUIRE(budget.has_value());
    BOOST_TEST(budget->connections == 10'000U);
    BOOST_TEST(budget->open_tables == store::most_open_tables);
  }
  const auto less = share_descriptors(demand, wanted - 1);
  BOOST_REQUIRE(less.has_value());
  BOOST_TEST((less->connections < 10'000U || less->open_tables < store::most_open_tables));
}

BOOST_AUTO_TEST_CASE(all_shares_together_stay_within_every_limit) {
  for (const std::size_t connections : {1, 5, 200, 10'000})
    for (const std::size_t io_threads : {1, 2, 64, 256})
      for (std::size_t limit = 0; limit < 16'000; limit += 7) {
        const descriptor_demand demand{3, io_threads, connections};
        const auto budget = share_descriptors(demand, limit);
        BOOST_REQUIRE_EQUAL(budget.has_value(), limit >= descriptors_required(demand));
        if (!budget)
          continue;
        BOOST_REQUIRE_LE(3 + 4 * io_threads + budget->store_files + budget->connections, limit);
        BOOST_REQUIRE_EQUAL(budget->store_files, store::files_of_log(budget->open_tables));
        BOOST_REQUIRE_GE(budget->open_tables, store::least_open_tables);
        BOOST_REQUIRE_LE(budget->open_tables, store::most_open_tables);
        BOOST_REQUIRE_GE(budget->connections, std::min<std::size_t>(connections, 16));
        BOOST_REQUIRE_LE(budget->connections, connections);
      }
}

BOOST_AUTO_TEST_CASE(a_higher_limit_takes_nothing_from_anybody) {
  const descriptor_demand demand{3, 2, 10'000};
  descriptor_budget before;
  for (auto limit = descriptors_required(demand); limit < 16'000; ++limit) {
    const auto now = share_descriptors(demand, limit).value();
    // Of the two descriptors of a further table, one was a connection's.
    BOOST_REQUIRE_GE(now.connections + 1, before.connections);
    BOOST_REQUIRE_GE(now.open_tables, before.open_tables);
    before = now;
  }
}

BOOST_AUTO_TEST_CASE(under_1024_two_thirds_are_connections) {
  const auto budget = share_descriptors({3, 2, 10'000}, 1'024).value();
  BOOST_TEST(budget.connections > 600U);
  BOOST_TEST(budget.store_files > 300U);
}

BOOST_AUTO_TEST_CASE(what_few_connections_leave_is_the_store_s) {
  const auto budget = share_descriptors({3, 2, 20}, 1'024).value();
  BOOST_TEST(budget.connections == 20U);
  BOOST_TEST(budget.store_files > 900U);
}

BOOST_AUTO_TEST_CASE(a_limit_of_256_is_enough_for_two_io_threads) {
  BOOST_TEST(share_descriptors({3, 2, 10'000}, 256).value().connections >= 50U);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_limit_and_what_to_set) {
  const descriptor_demand demand{3, 2, 10'000};
  const auto least = descriptors_required(demand);
  const auto refused = share_descriptors(demand, least - 1);
  BOOST_REQUIRE(refused.has_error());
  const auto& text = refused.error().message;
  for (const auto& word : {std::to_string(least - 1), "ulimit -n " + std::to_string(least),
                           "LimitNOFILE=" + std::to_string(least)})
    BOOST_TEST((text.find(word) != std::string::npos), text << " lacks " << word);
  BOOST_TEST(share_descriptors(demand, least).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http::testing
