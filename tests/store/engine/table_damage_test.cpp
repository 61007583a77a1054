// Damaged blocks in the tables that are derived from the log: a check names the table, a rebuild
// does not read what it replaces, and everything is as before.

#include "store/engine/rocksdb_database.hpp"
#include "store/tables/usage.hpp"
#include "tests/store/log_fixture.hpp"

#include <rocksdb/sst_file_reader.h>

#include <array>

namespace headwater::store::testing {
namespace {

constexpr std::array derived = {table::directory, table::referrals, table::rows,
                                table::rollups,   table::usage,     table::states};
constexpr std::uint64_t rows_of_each = 300; // several blocks

/// A row that does not compress; of a table of counts, a count.
table_write row_of(table where, std::uint64_t number) {
  const auto key = "row " + std::to_string(1'000 + number);
  if (where == table::usage)
    return {where, key, encode_usage({number, 100 * number})};
  std::string noise;
  for (std::uint64_t i = 0; i < 4; ++i)
    noise += to_hex(sha256({key, std::to_string(i)}));
  return {where, key, noise};
}

std::vector<table_write> rows_for(table where) {
  std::vector<table_write> out;
  for (std::uint64_t number = 0; number < rows_of_each; ++number)
    out.push_back(row_of(where, number));
  return out;
}

/// Tables whose values are merged have rows of their own form, and get none here but counts.
bool is_plain(table where) {
  return where != table::rows && where != table::rollups;
}

/// A closed log with rows in every derived table, all of it in table files.
struct damaged_log {
  scratch_directory directory{memory_or_disk()};
  fs::path original = directory.path() / "original";
  fs::path copy = directory.path() / "copy";

  damaged_log() {
    {
      const auto log = open_or_fail(original);
      auto request = request_of("account/a", 0);
      for (const auto where : derived)
        if (is_projection(where) && is_plain(where))
          std::ranges::copy(rows_for(where), std::back_inserter(request.commands[0].writes));
      must_append(*log, request);
      BOOST_REQUIRE(log->put(rows_for(table::states)).has_value());
      BOOST_REQUIRE(log->put(rows_for(table::side_facts)).has_value());
    }
    open_or_fail(original);
  }

  void restore() const {
    fs::remove_all(copy);
    fs::copy(original, copy, fs::copy_options::recursive);
  }

  /// The file of a family, and where its data blocks end.
  [[nodiscard]] std::pair<fs::path, std::uint64_t> file_of(const std::string& family) const {
    for (const auto& entry : fs::directory_iterator{copy / "db"}) {
      rocksdb::SstFileReader reader{rocksdb::Options{}};
      if (entry.path().extension() != ".sst" || !reader.Open(entry.path().string()).ok())
        continue;
      const auto properties = reader.GetTableProperties();
      if (properties->column_family_name == family)
        return {entry.path(), properties->data_size};
    }
    BOOST_FAIL("there is no file of " + family);
    return {};
  }

  /// Changes a byte of the first or the last data block.
  void damage(const std::string& family, bool first) const {
    constexpr std::uint64_t trailer = 5;
    const auto [path, end] = file_of(family);
    auto bytes = read_bytes(path);
    const auto at = first ? 10 : end - trailer - 1;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_bytes(path, bytes);
  }

  /// That the check of a log beside which no server runs names the table and what mends it.
  void must_find(const std::string& family, const std::string& remedy) const {
    const auto reader = open_for_reading(copy);
    BOOST_REQUIRE_MESSAGE(reader, reader.error().message);
    const auto checked = (*reader)->check_tables({});
    BOOST_REQUIRE(checked.has_error());
    const auto& why = checked.error();
    BOOST_TEST((why.code == errc::corrupt_log));
    BOOST_TEST(why.message.starts_with("table " + family + " is damaged: "), why.message);
    BOOST_TEST(why.message.find(".sst") != std::string::npos, why.message);
    BOOST_TEST(why.message.find(remedy) != std::string::npos, why.message);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(table_damage)

BOOST_AUTO_TEST_CASE(whole_tables_are_found_whole_and_the_check_tells_how_far_it_is) {
  const damaged_log log;
  const auto reader = open_for_reading(log.original);
  BOOST_REQUIRE(reader.has_value());
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  const auto tell = [&](std::uint64_t done, std::uint64_t of) -> result<void> {
    BOOST_TEST(done > last);
    last = done;
    total = of;
    return {};
  };
  BOOST_TEST((*reader)->check_tables(tell).has_value());
  BOOST_TEST(last > 0U);
  BOOST_TEST(last == total);
  const auto stopped = (*reader)->check_tables([](std::uint64_t, std::uint64_t) -> result<void> {
    return error{errc::service_unavailable, "the service is stopping"};
  });
  BOOST_REQUIRE(stopped.has_error());
  BOOST_TEST((stopped.error().code == errc::service_unavailable));
}

BOOST_AUTO_TEST_CASE(a_damaged_block_of_a_derived_table_is_found_and_mended_by_a_rebuild) {
  const damaged_log log;
  for (const auto where : derived)
    for (const bool first : {true, false}) {
      const std::string family{name_of(family_of(where))};
      if (!first && !is_plain(where))
        continue; // its mark is all it has
      BOOST_TEST_CONTEXT(family << (first ? ", first" : ", last") << " block") {
        log.restore();
        log.damage(family, first);
        log.must_find(family, "`headwater log rebuild`");
        {
          const auto opened = try_open(log.copy);
          BOOST_REQUIRE_MESSAGE(opened, opened.error().message);
          const auto rebuilt = (*opened)->rebuild(where, [&](const row_sink& put) {
            return is_plain(where) ? put(rows_for(where)) : result<void>{};
          });
          BOOST_REQUIRE_MESSAGE(rebuilt, rebuilt.error().message);
        }
        const auto opened = open_or_fail(log.copy);
        BOOST_TEST(opened->check_tables({}).has_value());
        for (const auto each : derived) {
          BOOST_TEST(rows_of(*opened, each).size() == (is_plain(each) ? rows_of_each : 0));
          if (is_projection(each))
            BOOST_TEST((*opened->position(each) == 1));
        }
        BOOST_TEST((opened->get(where, row_of(where, 7).key).value() ==
                    (is_plain(where) ? row_of(where, 7).value : std::nullopt)));
        BOOST_TEST(all_of(*opened).size() == 1U);
      }
    }
}

BOOST_AUTO_TEST_CASE(a_damaged_table_that_is_not_made_of_the_log_asks_for_a_snapshot) {
  const damaged_log log;
  log.restore();
  log.damage("operational", true); // side facts
  log.must_find("operational", "restore a snapshot");
}

BOOST_AUTO_TEST_CASE(a_start_that_meets_a_damaged_table_names_it_and_what_mends_it) {
  const damaged_log log;
  for (const std::string family : {"events", "positions", "heads"})
    BOOST_TEST_CONTEXT(family) {
      log.restore();
      log.damage(family, true);
      const auto opened = try_open(log.copy);
      BOOST_REQUIRE(opened.has_error());
      const auto& why = opened.error();
      BOOST_TEST((why.code == errc::corrupt_log));
      BOOST_TEST(why.message.find(".sst") != std::string::npos, why.message);
      BOOST_TEST(why.message.ends_with("; this is table " + family +
                                       ": restore a snapshot into an empty directory"),
                 why.message);
    }
}

BOOST_AUTO_TEST_CASE(side_facts_and_proofs_are_not_dropped_by_a_rebuild) {
  const scratch_directory directory;
  const auto log = open_or_fail(directory.data());
  for (const auto where : {table::side_facts, table::proofs})
    BOOST_TEST(log->rebuild(where, [](const row_sink&) { return result<void>{}; }).has_error());
}

BOOST_AUTO_TEST_CASE(a_table_that_is_missing_or_cut_short_is_named_with_what_mends_it) {
  const damaged_log log;
  const auto refusal = [&] {
    const auto opened = try_open(log.copy);
    BOOST_REQUIRE(!opened);
    BOOST_TEST((opened.error().code == errc::corrupt_log), opened.error().message);
    return opened.error().message;
  };
  log.restore();
  const auto file = log.file_of("usage").first;
  const auto cannot = "cannot open " + (log.copy / "db").string() + ": its table " + file.string();
  fs::remove(file);
  BOOST_TEST(refusal() == cannot + " is missing: No such file or directory; restore a snapshot "
                                   "into an empty directory");
  log.restore();
  fs::resize_file(file, 10);
  BOOST_TEST(refusal() == cannot + " is damaged or not whole; it has 10 bytes; restore a snapshot "
                                   "into an empty directory");
  log.restore();
  write_bytes(log.copy / "db" / "CURRENT", "nonsense");
  BOOST_TEST(refusal().ends_with("; restore a snapshot into an empty directory"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
