#include "store/disk/disk_space.hpp"
#include "tests/store/log_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace headwater::store::testing {
namespace {

std::ptrdiff_t tables_in(const fs::path& directory) {
  return std::ranges::count_if(fs::directory_iterator{directory / "db"}, [](const auto& entry) {
    return entry.path().extension() == ".sst";
  });
}

constexpr int restarts = 12; // each flushes tables of level 0

void restart_without_room(const fs::path& directory) {
  for (int i = 0; i < restarts; ++i) {
    auto log = open_or_fail(directory, all_of_the_disk);
    must_append(*log, request_of("account/a", *log->version("account/a")));
    BOOST_TEST(!log->stopped_reason());
  }
}

} // namespace

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

BOOST_AUTO_TEST_CASE(writes_and_erasures_go_on_while_compactions_wait_for_room) {
  scratch_directory directory;
  restart_without_room(directory.data());
  std::atomic<bool> stop = false;
  auto log = open_or_fail(directory.data(), all_of_the_disk);
  const auto scrubbed = log->scrub(stop);
  BOOST_TEST(scrubbed.has_value(), (scrubbed ? "" : scrubbed.error().message));
  must_append(*log, request_of("account/a", *log->version("account/a")));
}

BOOST_AUTO_TEST_CASE(compactions_begin_when_there_is_room_and_not_before) {
  scratch_directory directory;
  restart_without_room(directory.data());
  auto log = open_or_fail(directory.data(), all_of_the_disk);
  const auto tables = tables_in(directory.data());
  BOOST_TEST(tables > 4 * restarts); // of each family that was written
  BOOST_REQUIRE(log->look_at_disk({}).has_value());
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (tables_in(directory.data()) == tables && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  BOOST_TEST(tables_in(directory.data()) < tables); // RocksDB begins with one family
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
