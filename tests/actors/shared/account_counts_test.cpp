// What accounts have used, kept for the journal and the directory at once. quota_test.cpp has what
// clients see of it.

#include "actors/shared/account_counts.hpp"
#include "actors/views/projections.hpp"
#include "tests/store/log_fixture.hpp"
#include "tests/store/memory_log.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace headwater::actors {
namespace {

constexpr store::usage one_event{1, 10};

struct counted {
  std::shared_ptr<store::memory_log> log = std::make_shared<store::memory_log>();
  account_counts counts{log, {1'000, 5}};

  /// Appends an event with a row of counts.
  void write(const std::string& row) const {
    auto request = store::testing::request_of("x", log->version("x").value());
    request.commands[0].writes = {{store::table::usage, account_usage_key("a"), row}};
    BOOST_REQUIRE((log->append({&request, 1}, 1).at(0).status == store::append_status::appended));
  }

  /// How many events the account may still add; takes none.
  int left() {
    int out = 0;
    while (counts.take("a", one_event))
      ++out;
    for (int i = 0; i < out; ++i)
      counts.give_back("a", one_event);
    return out;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(counts_of_accounts)

BOOST_FIXTURE_TEST_CASE(what_is_taken_counts_until_it_is_settled_or_given_back, counted) {
  for (const bool is_loaded : {false, true}) {
    if (is_loaded)
      counts.load("a");
    BOOST_TEST(left() == 5);
    BOOST_TEST(counts.take("a", {2, 20}).has_value());
    BOOST_TEST(left() == 3);
    counts.give_back("a", {2, 20});
    BOOST_TEST(left() == 5);
  }
  BOOST_TEST(counts.take("a", {2, 20}).has_value());
  counts.settle("a", {2, 20}, {2, 500}); // with the headers' texts
  BOOST_TEST(left() == 3);
  const auto refused = counts.take("a", {1, 501});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::quota_exceeded));
  BOOST_TEST(refused.error().message ==
             "The quota of account a is 1000 bytes of events; 500 are used, and this adds 501");
}

BOOST_FIXTURE_TEST_CASE(removals_go_beyond_the_quota_and_count, counted) {
  counts.load("a");
  counts.take_anyway("a", {7, 70});
  BOOST_TEST(left() == 0);
  counts.settle("a", {7, 70}, {7, 70});
  BOOST_TEST(left() == 0);
}

BOOST_FIXTURE_TEST_CASE(rows_are_read_once_until_they_are_forgotten, counted) {
  write(store::encode_usage({1, 10}));
  counts.load("a");
  write(store::encode_usage({3, 30})); // adds to the row
  BOOST_TEST(left() == 4);
  counts.forget("a");
  BOOST_TEST(left() == 1);
}

// An account beyond its quota sends nothing to the journal, which would load its counts.
BOOST_FIXTURE_TEST_CASE(what_is_read_for_a_refusal_is_kept_unless_an_append_may_change_it,
                        counted) {
  write(store::encode_usage({5, 50}));
  BOOST_TEST(!counts.take("a", one_event));
  write(store::encode_usage({1, 10})); // seen only by reading again
  counts.take_anyway("a", one_event);
  counts.settle("a", one_event, one_event);
  BOOST_TEST(counts.take("a", one_event).error().message.find("6 are used") != std::string::npos);
  counts.forget("a");
  counts.take_anyway("a", one_event);
  BOOST_TEST(!counts.take("a", one_event));
  write(store::encode_usage({1, 10}));
  BOOST_TEST(counts.take("a", one_event).error().message.find("8 are used") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(counts_that_cannot_be_read_are_told_to_whoever_takes, counted) {
  write("junk");
  counts.load("a");
  const auto refused = counts.take("a", one_event);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::corrupt_log));
  counts.take_anyway("a", one_event);
  counts.settle("a", one_event, one_event);
}

BOOST_FIXTURE_TEST_CASE(threads_take_no_more_than_there_is, counted) {
  counts.load("a");
  std::atomic<int> taken = 0;
  std::vector<std::thread> running;
  for (int i = 0; i < 4; ++i)
    running.emplace_back([&] {
      for (int n = 0; n < 100; ++n)
        taken += counts.take("a", one_event) ? 1 : 0;
    });
  for (auto& each : running)
    each.join();
  BOOST_TEST(taken == 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::actors
