#include "store/disk/disk_space.hpp"
#include "store/engine/rocksdb_database.hpp"
#include "tests/store/log_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <future>
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
  while (tables_in(directory.data()) >= tables && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  BOOST_TEST(tables_in(directory.data()) < tables); // RocksDB begins with one family
}

BOOST_AUTO_TEST_CASE(copies_and_writes_go_on_where_a_thousand_tables_wait_to_be_merged) {
  constexpr int tables = 1'010;
  const scratch_directory directory{memory_or_disk()};
  const memory_settings memory{std::size_t{1} << 20, std::size_t{32} << 20};
  // Until leave_free() is called there is no room for compactions.
  const auto opened = rocksdb_database::open(directory.path() / "db", memory, open_mode::create);
  BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
  auto& database = **opened;
  auto work = std::async(std::launch::async, [&]() -> result<void> {
    for (int i = 0; i < tables; ++i)
      if (auto begun = database.begin_new_files(); !begun)
        return begun;
    return database.copy_to(directory.path() / "copy");
  });
  const bool is_done = work.wait_for(std::chrono::seconds{120}) == std::future_status::ready;
  if (!is_done)
    database.stop_background_work(); // which ends the waiting
  BOOST_TEST(is_done);
  const auto done = work.get();
  BOOST_TEST(done.has_value(), (done ? "" : done.error().message));
  const auto copy = rocksdb_database::open(directory.path() / "copy", memory, open_mode::read_only);
  BOOST_REQUIRE_MESSAGE(copy, copy.error().message);
  BOOST_TEST((*copy)->live_tables().size() == std::size_t{tables});
}

BOOST_AUTO_TEST_CASE(background_work_that_waits_for_room_ends_when_it_is_stopped) {
  scratch_directory directory;
  restart_without_room(directory.data());
  auto log = open_or_fail(directory.data(), all_of_the_disk);
  const auto before = std::chrono::steady_clock::now();
  log->stop_background_work();
  must_append(*log, request_of("account/a", *log->version("account/a")));
  log.reset();
  const auto took = std::chrono::steady_clock::now() - before;
  BOOST_TEST((took < std::chrono::seconds{5}));
  BOOST_TEST(open_or_fail(directory.data())->end().position == restarts + 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
