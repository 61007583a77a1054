// Logs with a hole in their middle: the tables end before the write-ahead logs begin, or one of
// those is missing. The newest files bring position, heads and marks, so that only looking for what
// lies before them shows it.

#include "tests/store/changed_bytes.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/engine/lineage.hpp"

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

namespace headwater::store::testing {
namespace {

void append_lineage(rocksdb_log& log, std::uint64_t events) {
  for (std::uint64_t i = 0; i < events; ++i)
    must_append(log, lineage_request(log, log.end().position + 1));
}

/// That a log of lineage_request()s has every event up to its end, and what each of them wrote.
void check_whole(const rocksdb_log& log) {
  const auto end = log.end().position;
  BOOST_TEST(all_of(log).size() == end);
  std::size_t in_streams = 0;
  for (const std::string stream : {"account/0", "account/1", "account/2"}) {
    const auto events = stream_of(log, stream).size();
    BOOST_TEST(events == log.version(stream).value());
    in_streams += events;
  }
  BOOST_TEST(in_streams == end);
  std::uint64_t used = 0;
  for (std::uint64_t number = 1; number <= end; ++number)
    used += log.find_use("account/" + std::to_string(number % 3), "key " + std::to_string(number))
                    .value()
                ? 1
                : 0;
  BOOST_TEST(used == end);
  if (end == 0 || log.position(table::directory).value() != end)
    return; // a table that lags is built anew from the log
  BOOST_TEST(rows_of(log, table::directory).size() == end);
  if (log.position(table::referrals).value() == end)
    BOOST_TEST((log.get(table::referrals, "last").value() == std::to_string(end)));
}

void copy_if_there(const fs::path& from, const fs::path& to) {
  std::error_code gone; // as files go while others are copied
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, gone);
}

/// The files in any order, and some time between them.
void copy_file_by_file(const fs::path& from, const fs::path& to, std::mt19937_64& random) {
  fs::remove_all(to);
  fs::create_directories(to / "db");
  std::vector<fs::path> files{"HEAD", "FORMAT"};
  for (const auto& entry : fs::directory_iterator{from / "db"})
    files.push_back("db" / entry.path().filename());
  std::ranges::shuffle(files, random);
  for (const auto& file : files) {
    copy_if_there(from / file, to / file);
    std::this_thread::sleep_for(std::chrono::microseconds{random() % 8'000});
  }
}

/// A WAL of one of the states, under its own name or another, cut or behind another one or as it
/// is.
std::string mix_write_ahead_log(const lineage& log, std::size_t states, std::mt19937_64& random) {
  const auto wal = lineage::files(log.state(random() % states), ".log").at(0);
  auto bytes = read_bytes(wal);
  auto name = wal.filename().string();
  if (random() % 3 == 0)
    name = "00090" + std::to_string(random() % 10) + ".log";
  if (random() % 4 == 0)
    bytes.resize(random() % (bytes.size() + 1));
  if (random() % 4 == 0)
    bytes.insert(0, read_bytes(log.in_copy(name)));
  write_bytes(log.in_copy(name), bytes);
  return " " + wal.filename().string() + " as " + name + " of " + std::to_string(bytes.size());
}

/// Makes the copy one of files of several states; says which.
std::string mix_files(const lineage& log, std::size_t states, std::mt19937_64& random) {
  const auto state = random() % states;
  log.take(state);
  auto what = "state " + std::to_string(state);
  if (random() % 2 == 0) {
    const auto head = random() % states;
    copy_if_there(log.state(head) / "HEAD", log.copy() / "HEAD");
    what += ", HEAD of " + std::to_string(head);
  }
  if (random() % 2 == 0) {
    const auto tables = random() % states;
    for (const auto* part : {"MANIFEST", "CURRENT", ".sst"})
      for (const auto& file : lineage::files(log.state(tables), part))
        copy_if_there(file, log.in_copy(file.filename()));
    what += ", tables of " + std::to_string(tables);
  }
  for (auto more = random() % 4; more > 0; --more)
    what += mix_write_ahead_log(log, states, random);
  return what;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hole_children, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(appends_until_killed_and_flushes_often) {
  const auto directory = child_directory();
  BOOST_REQUIRE(directory);
  rocksdb_options options;
  options.directory = *directory;
  options.memtable_bytes = std::size_t{4} << 20;
  const auto opened = open_rocksdb_log(options);
  BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
  const auto payload = '"' + std::string(2'000, 'x') + '"';
  for (;;) {
    auto request = lineage_request(**opened, (*opened)->end().position + 1);
    request.commands[0].events = command_of(1, payload).events;
    must_append(**opened, request);
    tell_parent((*opened)->end().position);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(holes)

BOOST_AUTO_TEST_CASE(a_backup_copied_over_a_later_directory_is_refused_unless_nothing_is_missing) {
  constexpr std::size_t states = 4;
  const lineage log{states};
  for (std::size_t later = 1; later < states; ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier)
      for (const bool with_head : {true, false}) {
        BOOST_TEST_CONTEXT(earlier << " over " << later << (with_head ? " with HEAD" : "")) {
          log.take(later);
          const auto head = read_bytes(log.copy() / "HEAD");
          copy_over(log.state(earlier), log.copy());
          if (!with_head)
            write_bytes(log.copy() / "HEAD", head);
          const auto end = (later + 1) * lineage::requests;
          // The backup's own write-ahead log reaches to the next state.
          if (later == earlier + 1)
            log.must_open(end);
          else
            log.must_refuse("has a hole: positions " +
                            std::to_string((earlier + 1) * lineage::requests + 1) + " to " +
                            std::to_string(later * lineage::requests) + " are missing");
        }
      }
}

/// Appends as many events as a lineage does between two of its states.
void go_on(const fs::path& directory, micros at) {
  const auto log = open_or_fail(directory);
  for (std::uint64_t i = 0; i < lineage::requests; ++i)
    must_append(*log, lineage_request(*log, log->end().position + 1), at);
}

BOOST_AUTO_TEST_CASE(a_copy_that_went_on_by_itself_and_was_copied_over_the_original_is_refused) {
  const lineage origin{2};
  const scratch_directory scratch;
  const auto original = scratch.path() / "original";
  const auto copy = scratch.path() / "copy";
  copy_over(origin.state(1), original);
  copy_over(origin.state(1), copy);
  go_on(original, 2'000);
  go_on(original, 3'000); // its last write-ahead log begins where the copy ends
  go_on(copy, 2'001);
  copy_over(copy, original);
  const auto opened = try_open(original);
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().code == errc::corrupt_log));
  BOOST_TEST(opened.error().message.find(" has two histories: event ") != std::string::npos,
             opened.error().message);
  BOOST_TEST(all_of(*open_or_fail(copy)).size() == 3 * lineage::requests);
}

BOOST_AUTO_TEST_CASE(an_older_manifest_beside_a_newer_write_ahead_log_is_refused) {
  constexpr std::size_t states = 4;
  const lineage log{states};
  for (std::size_t later = 1; later < states; ++later)
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      log.take(later);
      for (const auto& file : lineage::files(log.state(earlier), "MANIFEST"))
        fs::copy(file, log.in_copy(file.filename()));
      for (const auto& file : lineage::files(log.state(earlier), ".sst"))
        fs::copy(file, log.in_copy(file.filename()), fs::copy_options::overwrite_existing);
      fs::copy(log.state(earlier) / "db/CURRENT", log.in_copy("CURRENT"),
               fs::copy_options::overwrite_existing);
      log.must_refuse("has a hole: positions " + std::to_string(earlier * lineage::requests + 1) +
                      " to " + std::to_string(later * lineage::requests) + " are missing");
    }
}

BOOST_AUTO_TEST_CASE(a_newer_manifest_over_an_older_directory_is_refused) {
  const lineage log{3};
  for (const bool with_head : {true, false}) {
    log.take(0);
    for (const auto* part : {"MANIFEST", "CURRENT"})
      for (const auto& file : lineage::files(log.state(2), part))
        fs::copy(file, log.in_copy(file.filename()), fs::copy_options::overwrite_existing);
    if (with_head)
      fs::copy(log.state(2) / "HEAD", log.copy() / "HEAD", fs::copy_options::overwrite_existing);
    BOOST_TEST(log.open_copy().has_value());
  }
}

BOOST_AUTO_TEST_CASE(write_ahead_logs_that_follow_one_another_are_whole_and_a_lost_one_is_missed) {
  const lineage log{4};
  const auto add = [&](std::size_t state) {
    const auto wal = lineage::files(log.state(state), ".log").at(0);
    fs::copy(wal, log.in_copy(wal.filename()));
  };
  // As after a crash before what opening brought into tables was known to the MANIFEST.
  log.take(0);
  add(1);
  add(2);
  log.must_open(3 * lineage::requests);
  log.take(0);
  add(1);
  add(3);
  log.must_refuse("positions 13 to 18 are missing before what " +
                  log.in_copy(lineage::files(log.state(3), ".log").at(0).filename()).string());
  log.take(0);
  add(2);
  add(3);
  log.must_refuse("positions 7 to 12 are missing");
  log.take(1);
  fs::remove(lineage::files(log.copy(), ".log").at(0));
  add(2);
  log.must_refuse("positions 7 to 12 are missing");
}

/// What opening says of each cut of the newest state's MANIFEST, a line each.
std::string told_of_cut_manifests(const lineage& log) {
  const auto manifest = lineage::files(log.state(2), "MANIFEST").at(0);
  const auto bytes = read_bytes(manifest);
  std::string told;
  for (const auto size : record_ends(bytes)) {
    log.take(2);
    write_bytes(log.in_copy(manifest.filename()), bytes.substr(0, size));
    BOOST_TEST_CONTEXT("cut to " << size << " of " << bytes.size())
    if (const auto why = log.open_copy()) {
      BOOST_TEST((why->code == errc::corrupt_log), why->message);
      told += why->message + "\n";
    }
  }
  return told;
}

BOOST_AUTO_TEST_CASE(a_manifest_cut_at_any_record_never_gives_another_answer) {
  // Each start tells the MANIFEST anew, family by family, what it brought into tables.
  const auto told = told_of_cut_manifests(lineage{3});
  BOOST_TEST(told.find("has a hole: positions 7 to 12 are missing") != std::string::npos, told);
  for (const std::string table :
       {"heads", "idempotency", "directory", "referrals", "rollups", "rows"})
    BOOST_TEST(told.find("positions 7 to 12 of the table " + table + " are missing") !=
                   std::string::npos,
               told);
}

BOOST_AUTO_TEST_CASE(files_of_several_states_together_never_give_another_answer) {
  constexpr std::size_t states = 4;
  const lineage log{states};
  const auto seed = test_seed();
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  std::mt19937_64 random{seed};
  const int rounds = every_byte() ? 2'000 : 30;
  for (int round = 0; round < rounds; ++round) {
    const auto what = mix_files(log, states, random);
    BOOST_TEST_CONTEXT(what << ", seed " << seed)
    static_cast<void>(log.open_copy());
  }
}

BOOST_AUTO_TEST_CASE(a_running_log_copied_file_by_file_starts_whole_or_not_at_all) {
  scratch_directory directory{memory_or_disk()};
  const auto copy = directory.path() / "copy";
  const auto seed = test_seed();
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  std::mt19937_64 random{seed};
  child_process child{"hole_children/appends_until_killed_and_flushes_often",
                      directory.data().string()};
  for (int round = 0; round < 8; ++round) {
    for (int told = 0; told < 300; ++told)
      BOOST_REQUIRE(child.next());
    copy_file_by_file(directory.data(), copy, random);
    BOOST_TEST_CONTEXT("round " << round << ", seed " << seed)
    if (const auto opened = try_open(copy))
      check_whole(**opened);
    else
      BOOST_TEST(!opened.error().message.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_log_that_was_killed_while_it_flushed_is_whole) {
  scratch_directory directory{memory_or_disk()};
  std::uint64_t acknowledged = 0;
  for (std::uint64_t round = 1; round <= 4; ++round) {
    child_process child{"hole_children/appends_until_killed_and_flushes_often",
                        directory.data().string()};
    for (std::uint64_t told = 0; told < round * 400; ++told) {
      const auto position = child.next();
      BOOST_REQUIRE(position);
      acknowledged = *position;
    }
    child.kill();
    BOOST_TEST(!child.wait());
    const auto log = open_or_fail(directory.data());
    BOOST_TEST(log->end().position >= acknowledged);
    check_whole(*log);
  }
}

BOOST_AUTO_TEST_CASE(tables_that_were_all_compacted_reach_as_far_as_before) {
  scratch_directory directory{memory_or_disk()};
  {
    const auto log = open_or_fail(directory.data());
    append_lineage(*log, 6);
    std::atomic<bool> stop = false;
    BOOST_REQUIRE(log->scrub(stop).has_value());
    append_lineage(*log, 3);
  }
  BOOST_TEST(open_for_reading(directory.data()).has_value());
  for (int again = 0; again < 2; ++again) {
    const auto log = open_or_fail(directory.data());
    BOOST_TEST(log->end().position == 9);
    check_whole(*log);
  }
}

BOOST_AUTO_TEST_CASE(a_table_built_anew_since_then_does_not_rest_on_what_the_tables_held) {
  scratch_directory directory{memory_or_disk()};
  {
    const auto log = open_or_fail(directory.data());
    append_lineage(*log, 3);
    BOOST_REQUIRE(log->rebuild(table::directory,
                               [](const row_sink&) -> result<void> {
                                 return error{errc::io_failed, "the reader gave up"};
                               })
                      .has_error());
  }
  {
    // Opening brings into tables that the table has no mark.
    const auto log = open_or_fail(directory.data());
    BOOST_TEST(!log->position(table::directory).value());
    BOOST_REQUIRE(log->rebuild(table::directory,
                               [](const row_sink& put) -> result<void> {
                                 const table_write row{table::directory, "row", "made anew"};
                                 return put({&row, 1});
                               })
                      .has_value());
    append_lineage(*log, 2);
  }
  BOOST_TEST(open_for_reading(directory.data()).has_value());
  const auto log = open_or_fail(directory.data());
  BOOST_TEST(log->end().position == 5);
  BOOST_TEST((log->position(table::directory).value() == std::uint64_t{5}));
  BOOST_TEST((log->get(table::directory, "row").value() == "made anew"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
