#include "http/server/patience.hpp"

#include <boost/test/unit_test.hpp>

using headwater::http::patience;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t piece = 64 * 1024;
constexpr auto usual = 4'096ms; // for a piece

} // namespace

BOOST_AUTO_TEST_SUITE(patience_with_clients)

BOOST_AUTO_TEST_CASE(slow_pieces_use_it_up_together) {
  patience mine(30s);
  auto read = 0;
  // Each by itself would be in time.
  for (const auto took = usual + 10s; took <= mine.for_piece(piece); ++read)
    mine.count(piece, took);
  BOOST_TEST(read == 3);
  BOOST_TEST((mine.for_piece(piece) == usual));
}

BOOST_AUTO_TEST_CASE(who_reads_fast_enough_may_go_on_for_ever) {
  patience mine(30s);
  for (int i = 0; i < 10'000; ++i) {
    BOOST_REQUIRE((usual <= mine.for_piece(piece)));
    mine.count(piece, usual);
  }
}

BOOST_AUTO_TEST_CASE(time_that_was_saved_is_not_credited) {
  patience mine(30s);
  for (int i = 0; i < 1'000; ++i)
    mine.count(piece, 0s);
  BOOST_TEST((mine.for_piece(piece) == usual + 30s));
}

BOOST_AUTO_TEST_CASE(it_comes_back_with_fast_reading_and_with_the_next_answer) {
  patience mine(30s);
  mine.count(piece, usual + 20s);
  mine.count(10 * piece, 0s);
  BOOST_TEST((mine.for_piece(0) == 30s));
  mine.count(piece, usual + 20s);
  mine.renew();
  BOOST_TEST((mine.for_piece(0) == 30s));
}

BOOST_AUTO_TEST_SUITE_END()
