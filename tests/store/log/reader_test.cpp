// Reading a log beside a live server, or after it.

#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {
namespace {

std::unique_ptr<rocksdb_log> reader_of(const fs::path& directory) {
  auto opened = open_for_reading(directory);
  BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
  return std::move(*opened);
}

std::size_t tables_in(const fs::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator{directory / "db"})
    count += entry.path().extension() == ".sst" ? 1 : 0;
  return count;
}

/// Tables that this process has open.
std::size_t open_tables() {
  std::size_t count = 0;
  std::error_code gone; // the listing's own
  for (const auto& entry : fs::directory_iterator{"/proc/self/fd"})
    count += fs::read_symlink(entry.path(), gone).extension() == ".sst" ? 1 : 0;
  return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(readers)

BOOST_AUTO_TEST_CASE(a_reader_beside_a_live_log_sees_what_was_acknowledged) {
  rocksdb_engine engine;
  for (std::uint64_t i = 0; i < 20; ++i) {
    must_append(engine.log(), request_of("account/a", i));
    auto before = all_bytes(engine.directory.data());
    auto reader = reader_of(engine.directory.data());
    BOOST_TEST(reader->end().position == i + 1);
    BOOST_TEST((stream_of(*reader, "account/a") == stream_of(engine.log(), "account/a")));
    BOOST_TEST(all_of(*reader).size() == i + 1);
    reader.reset();
    BOOST_TEST((all_bytes(engine.directory.data()) == before));
  }
}

BOOST_AUTO_TEST_CASE(a_reader_opens_every_table_or_as_many_as_it_may) {
  constexpr std::size_t few = 20; // RocksDB keeps ten of them for other files
  scratch_directory directory;
  for (std::uint64_t i = 0; i < 3; ++i) // an open writes what is in the WAL into tables
    must_append(*open_or_fail(directory.data()), request_of("account/a", i));
  open_or_fail(directory.data()).reset();
  const auto tables = tables_in(directory.data());
  BOOST_REQUIRE(tables > few);
  auto reader = reader_of(directory.data());
  BOOST_TEST(open_tables() == tables);
  const auto events = all_of(*reader);
  reader.reset();
  BOOST_TEST(open_tables() == 0U);
  auto thrifty = open_for_reading(directory.data(), few);
  BOOST_REQUIRE_MESSAGE(thrifty, thrifty.error().message);
  BOOST_TEST((all_of(**thrifty) == events));
  BOOST_TEST(events.size() == 3U);
  BOOST_TEST(open_tables() <= few);
}

BOOST_AUTO_TEST_CASE(a_reader_of_all_shows_what_a_power_cut_took_from_head) {
  scratch_directory directory;
  std::string old_head;
  {
    const auto log = open_or_fail(directory.data());
    for (std::uint64_t i = 0; i < 3; ++i) {
      must_append(*log, request_of("account/a", i));
      if (i == 0)
        old_head = read_bytes(directory.data() / "HEAD");
    }
  }
  write_bytes(directory.data() / "HEAD", old_head);
  const auto shown = reader_of(directory.data());
  BOOST_TEST(shown->end().position == 1U);
  BOOST_TEST(all_of(*shown).size() == 1U);
  const auto whole = open_for_reading(directory.data(), every_table, shown_events::all);
  BOOST_REQUIRE_MESSAGE(whole, whole.error().message);
  BOOST_TEST((*whole)->end().position == 3U);
  BOOST_TEST(all_of(**whole).size() == 3U);
  BOOST_TEST((*whole)->version("account/a").value() == 3U);
  BOOST_TEST((read_bytes(directory.data() / "HEAD") == old_head));
}

BOOST_AUTO_TEST_CASE(a_reader_takes_no_writes) {
  rocksdb_engine engine;
  must_append(engine.log(), request_of("account/a", 0));
  auto reader = reader_of(engine.directory.data());
  BOOST_TEST((append_one(*reader, request_of("account/a", 1)).status == append_status::stopped));
  BOOST_TEST(put_row(*reader, table::side_facts, "k", "v").has_error());
  const auto nothing = [](const row_sink&) { return result<void>{}; };
  BOOST_TEST(reader->rebuild(table::directory, nothing).has_error());
  BOOST_REQUIRE(reader->stopped_reason());
  BOOST_TEST(reader->sync_head().has_value());
}

BOOST_AUTO_TEST_CASE(a_reader_shows_no_event_beyond_head) {
  scratch_directory directory;
  std::string head;
  {
    auto log = open_or_fail(directory.data());
    must_append(*log, request_of("account/a", 0, 2));
    head = read_bytes(directory.data() / "HEAD");
    auto request = request_of("account/a", 2, 2);
    request.commands[0].key = idempotency{"key", {}};
    must_append(*log, request);
    must_append(*log, request_of("account/b", 0));
  }
  write_bytes(directory.data() / "HEAD", head);
  auto reader = reader_of(directory.data());
  BOOST_TEST(reader->end().position == 2);
  BOOST_TEST(*reader->version("account/a") == 2);
  BOOST_TEST(*reader->version("account/b") == 0);
  BOOST_TEST(stream_of(*reader, "account/a").size() == 2);
  BOOST_TEST(stream_of(*reader, "account/b").empty());
  BOOST_TEST(all_of(*reader).size() == 2);
  BOOST_TEST(!(*reader->find_use("account/a", "key")).has_value());
  reader.reset();
  // Not acknowledged, but on disk: the writer keeps it, and may only add.
  auto log = open_or_fail(directory.data());
  BOOST_TEST(log->end().position == 5);
}

BOOST_AUTO_TEST_CASE(a_log_whose_database_is_gone_has_lost_what_head_names) {
  for (const std::string gone : {"db", "db/CURRENT"}) {
    scratch_directory directory;
    must_append(*open_or_fail(directory.data()), request_of("account/a", 0, 3));
    fs::remove_all(directory.data() / gone);
    const auto refused = open_for_reading(directory.data());
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::corrupt_log), gone);
    BOOST_TEST(refused.error().message.find("HEAD names position 3") != std::string::npos,
               refused.error().message);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_a_log_cannot_be_read) {
  scratch_directory directory;
  BOOST_TEST(open_for_reading(directory.path()).has_error());
  BOOST_TEST(open_for_reading(directory.data()).has_error());
  BOOST_TEST(!fs::exists(directory.data()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
