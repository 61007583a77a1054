// Tables in a log's directory that its MANIFEST does not name: those of a crash are ignored, those
// of a later state are not removed in silence.

#include "store/engine/rocksdb_settings.hpp"
#include "tests/store/engine/lineage.hpp"

#include <rocksdb/sst_file_reader.h>

namespace headwater::store::testing {
namespace {

constexpr std::size_t kept_states = 3;

/// Makes the copy the newest state, after a start that brought its write-ahead log into tables.
void take_newest_in_tables(const lineage& log) {
  log.take(kept_states - 1);
  open_or_fail(log.copy(), all_of_the_disk);
}

/// Adds the tables of another state that the copy does not have.
std::size_t add_tables(const lineage& log, std::size_t state) {
  std::size_t added = 0;
  for (const auto& file : lineage::files(log.state(state), ".sst")) {
    std::error_code is_there;
    added += fs::copy_file(file, log.in_copy(file.filename()), is_there) ? 1 : 0;
  }
  return added;
}

std::string family_of_table(const fs::path& file) {
  rocksdb::Options options;
  rocksdb::SstFileReader reader{options};
  BOOST_REQUIRE(reader.Open(file.string()).ok());
  return reader.GetTableProperties()->column_family_name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(leftover_tables)

BOOST_AUTO_TEST_CASE(a_backup_over_a_directory_whose_events_are_all_in_tables_is_refused) {
  const lineage log{kept_states};
  constexpr auto all = kept_states * lineage::requests;
  for (std::size_t earlier = 0; earlier + 1 < kept_states; ++earlier)
    BOOST_TEST_CONTEXT("state " << earlier) {
      take_newest_in_tables(log);
      copy_over(log.state(earlier), log.copy());
      log.must_refuse("ends at position " + std::to_string((earlier + 1) * lineage::requests) +
                      ", but " + log.in_copy("").string());
      log.must_refuse("reaches to position " + std::to_string(all) + ": files of two states");
    }
  // The newest backup reaches as far as the directory.
  take_newest_in_tables(log);
  copy_over(log.state(kept_states - 1), log.copy());
  log.must_open(all);
}

// The backup was started elsewhere and has files of the same names, which replaced the others.
BOOST_AUTO_TEST_CASE(one_later_table_of_any_marked_family_is_enough_to_refuse) {
  const lineage log{kept_states};
  for (const auto left : marked_families)
    BOOST_TEST_CONTEXT("a table of " << name_of(left)) {
      take_newest_in_tables(log);
      copy_over(log.state(0), log.copy());
      std::size_t found = 0;
      for (const auto& file : lineage::files(log.copy(), ".sst")) {
        const bool is_later = !fs::exists(log.state(0) / "db" / file.filename());
        if (is_later && family_of_table(file) != name_of(left))
          fs::remove(file);
        else
          found += is_later ? 1 : 0;
      }
      BOOST_TEST(found > 0U);
      log.must_refuse("reaches to position");
    }
}

// The backup was started elsewhere, so its MANIFEST calls the write-ahead logs of here outdated.
BOOST_AUTO_TEST_CASE(an_outdated_write_ahead_log_with_later_events_is_enough_to_refuse) {
  const lineage log{kept_states};
  for (const std::size_t later : {0, 1}) {
    log.take(0);
    for (int start = 0; start < 3; ++start)
      open_or_fail(log.copy(), all_of_the_disk);
    for (const auto& file : lineage::files(log.state(later), ".log"))
      fs::copy_file(file, log.in_copy(file.filename()), fs::copy_options::overwrite_existing);
    if (later == 0)
      log.must_open(lineage::requests); // as after a crash that came before it was removed
    else
      log.must_refuse("reaches to position " + std::to_string(2 * lineage::requests));
  }
}

BOOST_AUTO_TEST_CASE(tables_of_a_flush_that_did_not_reach_the_manifest_are_ignored) {
  const lineage log{kept_states};
  log.take(0); // whose events are in its write-ahead log
  BOOST_TEST(add_tables(log, 1) > 0U);
  log.must_open(lineage::requests);
}

BOOST_AUTO_TEST_CASE(unfinished_tables_are_ignored) {
  const lineage log{kept_states};
  log.take(0);
  BOOST_TEST(add_tables(log, 2) > 0U);
  log.must_refuse("reaches to position");
  for (const auto& file : lineage::files(log.copy(), ".sst"))
    if (!fs::exists(log.state(0) / "db" / file.filename()))
      fs::resize_file(file, fs::file_size(file) / 2);
  log.must_open(lineage::requests);
}

BOOST_AUTO_TEST_CASE(tables_that_a_compaction_has_replaced_are_ignored) {
  const lineage log{kept_states};
  take_newest_in_tables(log);
  {
    const auto opened = open_or_fail(log.copy());
    std::atomic<bool> stop = false;
    BOOST_REQUIRE(opened->scrub(stop).has_value());
  }
  BOOST_TEST(add_tables(log, kept_states - 1) > 0U);
  log.must_open(kept_states * lineage::requests);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
