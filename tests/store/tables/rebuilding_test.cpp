// Tables that lag behind the log: half-built ones, and those of databases from before they existed.

#include "store/engine/rocksdb_database.hpp"
#include "tests/store/log_fixture.hpp"

#include <rocksdb/db.h>

namespace headwater::store::testing {
namespace {

/// Drops families of a closed database, which is how one looks that never had them.
void drop_families(const fs::path& data, std::initializer_list<family> dropped) {
  const memory_settings memory{1 << 20, 1 << 20};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  auto status = rocksdb::DB::Open(database_options(memory), (data / "db").string(),
                                  family_descriptors(memory), &handles, &opened);
  BOOST_REQUIRE_MESSAGE(status.ok(), status.ToString());
  const std::unique_ptr<rocksdb::DB> database{opened};
  for (const auto each : dropped) {
    status = database->DropColumnFamily(handles[static_cast<std::size_t>(each)]);
    BOOST_REQUIRE_MESSAGE(status.ok(), status.ToString());
  }
  for (auto* handle : handles)
    BOOST_REQUIRE(database->DestroyColumnFamilyHandle(handle).ok());
}

} // namespace

BOOST_AUTO_TEST_SUITE(rebuilding)

BOOST_AUTO_TEST_CASE(a_table_whose_rebuild_failed_is_not_trusted) {
  scratch_directory directory;
  {
    auto log = open_or_fail(directory.data());
    auto request = request_of("account/a", 0);
    request.commands[0].writes = {{table::directory, "row", "x"}};
    must_append(*log, request);
    auto failed = log->rebuild(table::directory, [](const row_sink&) -> result<void> {
      return error{errc::io_failed, "the reader gave up"};
    });
    BOOST_REQUIRE(failed.has_error());
    BOOST_TEST(failed.error().message == "the reader gave up");
  }
  auto log = open_or_fail(directory.data());
  BOOST_TEST(!*log->position(table::directory));
  BOOST_REQUIRE(log->rebuild(table::directory, [](const row_sink& put) -> result<void> {
    const table_write writes[] = {{table::directory, "row", "y"}};
    return put(writes);
  }));
  BOOST_TEST((*log->get(table::directory, "row") == "y"));
  BOOST_TEST((*log->position(table::directory) == 1));
}

BOOST_AUTO_TEST_CASE(a_commit_does_not_complete_a_table_whose_rebuild_failed) {
  scratch_directory directory;
  const auto append_row = [](rocksdb_log& log, std::uint64_t version) {
    auto request = request_of("account/a", version);
    request.commands[0].writes = {{table::referrals, std::to_string(version), "x"}};
    must_append(log, request);
  };
  {
    auto log = open_or_fail(directory.data());
    append_row(*log, 0);
    BOOST_REQUIRE(log->rebuild(table::referrals,
                               [](const row_sink&) -> result<void> {
                                 return error{errc::io_failed, "the reader gave up"};
                               })
                      .has_error());
    append_row(*log, 1);
    BOOST_TEST(!*log->position(table::referrals));
    BOOST_TEST((*log->position(table::directory) == 2));
  }
  for (const auto version : {2U, 3U}) {
    // Neither the start nor the commits of an earlier one take it for whole.
    auto log = open_or_fail(directory.data());
    BOOST_TEST(!*log->position(table::referrals));
    append_row(*log, version);
  }
  auto log = open_or_fail(directory.data());
  BOOST_REQUIRE(log->rebuild(table::referrals, [](const row_sink&) { return result<void>{}; }));
  append_row(*log, 4);
  BOOST_TEST((*log->position(table::referrals) == 5));
  log.reset();
  log = open_or_fail(directory.data());
  BOOST_TEST((*log->position(table::referrals) == 5));
}

// As a process leaves it that was killed while it made a table anew.
BOOST_AUTO_TEST_CASE(a_database_whose_tables_were_dropped_is_read_and_they_are_made_anew) {
  for (const auto dropped : {table::directory, table::referrals, table::rows, table::usage}) {
    scratch_directory directory;
    auto request = request_of("account/a", 0);
    request.commands[0].writes = {{table::directory, "row", "x"}, {table::referrals, "row", "x"}};
    must_append(*open_or_fail(directory.data()), request);
    drop_families(directory.data(), {family_of(dropped)});
    {
      auto reader = open_for_reading(directory.data());
      BOOST_REQUIRE_MESSAGE(reader, reader.error().message);
      BOOST_TEST(!*(*reader)->position(dropped));
      BOOST_TEST(rows_of(**reader, dropped).empty());
      const auto other = dropped == table::directory ? table::referrals : table::directory;
      BOOST_TEST(rows_of(**reader, other).size() == 1U);
    }
    auto log = open_or_fail(directory.data());
    BOOST_TEST(!*log->position(dropped));
    BOOST_REQUIRE(log->rebuild(dropped, [](const row_sink&) { return result<void>{}; }));
    must_append(*log, request_of("account/a", 1));
    log.reset();
    BOOST_TEST(open_for_reading(directory.data()).has_value());
    log = open_or_fail(directory.data());
    BOOST_TEST((*log->position(dropped) == 2));
  }
}

BOOST_AUTO_TEST_CASE(a_database_that_lacks_a_table_which_nothing_can_make_anew_is_refused) {
  scratch_directory directory;
  must_append(*open_or_fail(directory.data()), request_of("account/a", 0));
  drop_families(directory.data(), {family::heads, family::usage});
  const auto opened = try_open(directory.data());
  BOOST_REQUIRE(opened.has_error());
  BOOST_TEST((opened.error().code == errc::corrupt_log));
  BOOST_TEST(opened.error().message.find("has no table heads") != std::string::npos,
             opened.error().message);
}

BOOST_AUTO_TEST_CASE(a_database_from_before_a_family_is_read_and_brought_forward) {
  scratch_directory directory;
  must_append(*open_or_fail(directory.data()), request_of("account/a", 0));
  drop_families(directory.data(),
                {family::rollups, family::rows, family::proofs, family::states, family::usage});
  {
    auto reader = open_for_reading(directory.data());
    BOOST_REQUIRE_MESSAGE(reader, reader.error().message);
    BOOST_TEST((*reader)->end().position == 1);
    BOOST_TEST(!*(*reader)->get(table::rollups, "d/1"));
    BOOST_TEST(
        (*reader)->scan(table::rollups, "", "", [](auto, auto) { return true; }).has_value());
    BOOST_TEST(!*(*reader)->position(table::rollups));
  }
  auto log = open_or_fail(directory.data());
  must_append(*log, request_of("account/a", 1));
  BOOST_TEST(!*log->position(table::rollups));
  BOOST_REQUIRE(log->rebuild(table::rollups, [](const row_sink&) { return result<void>{}; }));
  BOOST_TEST((*log->position(table::rollups) == 2));
}

BOOST_AUTO_TEST_CASE(a_database_from_before_the_proofs_keeps_its_other_tables) {
  scratch_directory directory;
  {
    auto log = open_or_fail(directory.data());
    auto request = request_of("account/a", 0);
    request.commands[0].writes = {{table::directory, "row", "x"}};
    must_append(*log, request);
  }
  drop_families(directory.data(), {family::proofs, family::states, family::usage});
  {
    auto reader = open_for_reading(directory.data());
    BOOST_REQUIRE_MESSAGE(reader, reader.error().message);
    BOOST_TEST(rows_of(**reader, table::proofs).empty());
    BOOST_TEST((*(*reader)->position(table::rows) == 1));
  }
  auto log = open_or_fail(directory.data());
  BOOST_TEST((*log->position(table::rollups) == 1));
  BOOST_TEST((*log->get(table::directory, "row") == "x"));
  const table_write row{table::proofs, "k", "v"};
  BOOST_REQUIRE(log->put({&row, 1}).has_value());
  BOOST_TEST((*log->get(table::proofs, "k") == "v"));
}

BOOST_AUTO_TEST_CASE(a_database_from_before_the_kept_states_gets_room_for_them) {
  scratch_directory directory;
  must_append(*open_or_fail(directory.data()), request_of("account/a", 0));
  drop_families(directory.data(), {family::states, family::usage});
  BOOST_TEST(rows_of(**open_for_reading(directory.data()), table::states).empty());
  auto log = open_or_fail(directory.data());
  const table_write row{table::states, "k", "v"};
  BOOST_REQUIRE(log->put({&row, 1}).has_value());
  BOOST_TEST((*log->get(table::states, "k") == "v"));
  BOOST_TEST((*log->position(table::rows) == 1));
}

BOOST_AUTO_TEST_CASE(a_database_from_before_the_counts_has_none_until_they_are_made) {
  scratch_directory directory;
  must_append(*open_or_fail(directory.data()), request_of("account/a", 0));
  drop_families(directory.data(), {family::usage});
  BOOST_TEST(!*(*open_for_reading(directory.data()))->position(table::usage));
  auto log = open_or_fail(directory.data());
  BOOST_TEST(!*log->position(table::usage));
  BOOST_REQUIRE(log->rebuild(table::usage, [](const row_sink& put) -> result<void> {
    const table_write writes[] = {{table::usage, "a/a", encode_usage({1, 100})},
                                  {table::usage, "a/a", encode_usage({1, 20})}};
    return put(writes);
  }));
  BOOST_TEST((*log->position(table::usage) == 1));
  BOOST_TEST((decode_usage(**log->get(table::usage, "a/a")) == usage{2, 120}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
