#include "store/disk/disk_space.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {

BOOST_AUTO_TEST_SUITE(room_on_the_disk)

BOOST_AUTO_TEST_CASE(the_mark_is_a_part_of_the_disk_within_bounds) {
  constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
  BOOST_TEST(bytes_of({}, 1'000 * mebibyte) == 50 * mebibyte);
  BOOST_TEST(bytes_of({}, 100'000 * mebibyte) == 1'024 * mebibyte);
  BOOST_TEST(bytes_of({}, 10 * mebibyte) == least_low_water);
  BOOST_TEST(bytes_of({0, mebibyte}, 1'000 * mebibyte) == 0U);
}

BOOST_AUTO_TEST_CASE(what_memory_will_still_write_is_not_left) {
  BOOST_TEST((disk_room{{100, 1'000}, 30, 0}.left() == 70U));
  BOOST_TEST((disk_room{{100, 1'000}, 130, 0}.left() == 0U));
}

BOOST_AUTO_TEST_CASE(a_log_on_disk_knows_its_room) {
  scratch_directory directory;
  auto log = open_or_fail(directory.data());
  const auto room = log->look_at_disk({});
  BOOST_REQUIRE(room.has_value());
  BOOST_TEST(room->disk.size >= room->disk.free);
  BOOST_TEST(room->mark >= least_low_water);
  BOOST_TEST(disk_space_of(directory.path() / "missing").has_error());
}

// A mark that leaves no room for any compaction: flushes and writes go on all the same, and the
// tables are merged once there is room again.
BOOST_AUTO_TEST_CASE(writes_go_on_while_compactions_wait_for_room) {
  scratch_directory directory;
  for (int restarts = 0; restarts < 12; ++restarts) { // each flushes a table of level 0
    auto log = open_or_fail(directory.data());
    BOOST_REQUIRE(log->look_at_disk({50, UINT64_MAX / 2}).has_value());
    must_append(*log, request_of("account/a", *log->version("account/a")));
    BOOST_TEST(!log->stopped_reason());
  }
  std::atomic<bool> stop = false;
  auto log = open_or_fail(directory.data());
  BOOST_REQUIRE(log->look_at_disk({50, UINT64_MAX / 2}).has_value());
  const auto scrubbed = log->scrub(stop);
  BOOST_TEST(scrubbed.has_value(), (scrubbed ? "" : scrubbed.error().message));
  must_append(*log, request_of("account/a", *log->version("account/a")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
