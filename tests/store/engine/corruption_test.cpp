// Files that were cut, flipped, swapped or lost: the log is refused and not touched, or an event
// is refused by name, or nothing of worth was lost. Never is the answer another one.

#include "store/audit/checkpoint_table.hpp"
#include "store/disk/head_file.hpp"
#include "store/engine/table_files.hpp"
#include "tests/store/changed_bytes.hpp"
#include "tests/store/log_fixture.hpp"

namespace headwater::store::testing {
namespace {

constexpr std::uint64_t streams = 3;
constexpr std::uint64_t requests = 12;

/// Everything that a log answers, or the first error.
result<std::string> contents(const rocksdb_log& log) {
  std::string out;
  auto note = [&](const recorded_event& event) {
    out += show(event) + "\n";
    return result<void>{};
  };
  if (auto read = log.read_all(1, note); !read)
    return read.error();
  for (std::uint64_t i = 0; i < streams; ++i) {
    auto name = "account/" + std::to_string(i);
    auto version = log.version(name);
    if (!version)
      return version.error();
    auto use = log.find_use(name, "key");
    if (!use)
      return use.error();
    out += std::to_string(*version) + (*use ? " used\n" : " unused\n");
    if (auto read = log.read_stream(name, 1, note); !read)
      return read.error();
    if (auto read = log.read_stream_back(name, requests, note); !read)
      return read.error();
  }
  if (auto read = log.read_all_back(requests, note); !read)
    return read.error();
  for (auto where : {table::directory, table::referrals}) {
    auto scanned = log.scan(where, "", "", [&](std::string_view key, std::string_view value) {
      out.append(key).append("=").append(value).append("\n");
      return true;
    });
    if (!scanned)
      return scanned.error();
  }
  return out;
}

/// A log of some requests, closed, and the same again for each test of a damage to it.
struct closed_log {
  scratch_directory directory{memory_or_disk()};
  fs::path original = directory.path() / "original";
  fs::path copy = directory.path() / "copy";
  std::string expected;
  std::map<std::uint64_t, std::string> heads; ///< the bytes of HEAD after each request

  explicit closed_log(bool in_tables) {
    auto log = open_or_fail(original);
    for (std::uint64_t i = 0; i < requests; ++i) {
      auto request = request_of("account/" + std::to_string(i % streams), i / streams);
      request.commands[0].key = idempotency{"key", {}};
      request.commands[0].writes = {{table::directory, "row " + std::to_string(i), "value"},
                                    {table::referrals, "last", std::to_string(i)}};
      must_append(*log, request);
      heads[i + 1] = read_bytes(original / "HEAD");
    }
    expected = *contents(*log);
    log.reset();
    if (in_tables) // recovery moves what the write-ahead log holds into table files
      open_or_fail(original);
  }

  void restore() const {
    fs::remove_all(copy);
    fs::copy(original, copy, fs::copy_options::recursive);
  }

  [[nodiscard]] std::vector<fs::path> files(const std::string& part) const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator{copy / "db"})
      if (entry.path().filename().string().find(part) != std::string::npos)
        out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
  }

  void must_refuse(const std::string& words) const {
    auto before = all_bytes(copy);
    auto opened = try_open(copy);
    BOOST_REQUIRE_MESSAGE(opened.has_error(), "it was opened");
    BOOST_TEST((opened.error().code == errc::corrupt_log), opened.error().message);
    BOOST_TEST(opened.error().message.find(words) != std::string::npos, opened.error().message);
    BOOST_TEST((all_bytes(copy) == before));
  }

  /// True if it was opened and answers as before the damage; false if the damage was noticed.
  [[nodiscard]] bool same_or_noticed() const {
    auto before = all_bytes(copy);
    auto opened = try_open(copy);
    if (!opened) {
      BOOST_TEST((all_bytes(copy) == before));
      return false;
    }
    for (auto where : {table::directory, table::referrals})
      if (*(*opened)->position(where) != (*opened)->end().position)
        return false; // seen, and mended by a rebuild from the log
    auto got = contents(**opened);
    if (got)
      BOOST_TEST((*got == expected));
    else
      BOOST_TEST((got.error().code == errc::corrupt_log), got.error().message);
    return got.has_value();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(corruption)

BOOST_AUTO_TEST_CASE(a_write_ahead_log_cut_anywhere_is_refused) {
  closed_log log{false};
  log.restore();
  auto wal = log.files(".log");
  BOOST_REQUIRE(wal.size() == 1);
  const auto whole = read_bytes(wal[0]);
  const auto step = every_byte() ? test_share().step : 1 + whole.size() / 60;
  const auto first = every_byte() ? test_share().first : 0;
  for (std::size_t size = first; size < whole.size(); size += step) {
    log.restore();
    fs::resize_file(wal[0], size);
    log.must_refuse("acknowledged events are missing");
  }
  log.restore();
  fs::resize_file(wal[0], whole.size() - 1);
  log.must_refuse("acknowledged events are missing");
  log.restore();
  fs::resize_file(wal[0], whole.size() + 100);
  BOOST_TEST(log.same_or_noticed());
}

BOOST_AUTO_TEST_CASE(a_lost_write_ahead_log_is_refused) {
  closed_log log{false};
  log.restore();
  fs::remove(log.files(".log").at(0));
  log.must_refuse("acknowledged events are missing");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_behind_the_last_event_is_not_lost_in_silence) {
  closed_log log{false};
  log.restore();
  // Opened anew, so that the log begins with tables and no more than this lies in its WAL.
  auto opened = open_or_fail(log.copy);
  std::uintmax_t first = 0;
  for (std::uint64_t size = requests - 2; size <= requests; ++size) {
    first = first == 0 ? fs::file_size(log.files(".log").at(0)) : first;
    BOOST_REQUIRE(put_checkpoint(opened->proofs(), opened->tables(), size,
                                 "a note of " + std::to_string(size))
                      .has_value());
  }
  opened.reset();
  fs::remove_all(log.original);
  fs::copy(log.copy, log.original, fs::copy_options::recursive);
  const auto wal = log.files(".log").at(0);
  BOOST_REQUIRE(first < fs::file_size(wal));
  for (auto left = first; left < fs::file_size(log.original / "db" / wal.filename()); ++left) {
    log.restore();
    fs::resize_file(wal, left);
    log.must_refuse("the last checkpoints are missing");
  }
  log.restore();
  BOOST_TEST(find_checkpoint(*open_or_fail(log.copy), requests - 2).has_value() ==
             false); // no note
  BOOST_TEST(read_head(log.copy / "HEAD").value().checkpoint_size == requests);
}

BOOST_AUTO_TEST_CASE(a_tail_that_head_does_not_name_may_be_cut) {
  closed_log log{false};
  log.restore();
  write_bytes(log.copy / "HEAD", log.heads.at(5));
  auto wal = log.files(".log").at(0);
  fs::resize_file(wal, fs::file_size(wal) - 1);
  auto opened = open_or_fail(log.copy);
  BOOST_TEST(opened->end().position == requests - 1);
  BOOST_TEST(contents(*opened).has_value());
  // What is shown from now on is guarded from now on, and command-line readers show it, too.
  BOOST_TEST(read_head(log.copy / "HEAD").value().position == requests - 1);
}

BOOST_AUTO_TEST_CASE(a_log_without_head_is_refused) {
  closed_log log{false};
  log.restore();
  fs::remove(log.copy / "HEAD");
  log.must_refuse("HEAD is missing");
  write_bytes(log.copy / "HEAD", "");
  log.must_refuse("no valid slot");
  write_bytes(log.copy / "HEAD", std::string(8192, 'x'));
  log.must_refuse("no valid slot");
}

BOOST_AUTO_TEST_CASE(one_torn_slot_of_head_is_survived) {
  closed_log log{false};
  for (std::size_t slot : {0, 4096})
    for (std::size_t at = 0; at < 88; at += 7) {
      log.restore();
      auto head = read_bytes(log.copy / "HEAD");
      head[slot + at] = static_cast<char>(head[slot + at] ^ 0x40);
      write_bytes(log.copy / "HEAD", head);
      BOOST_TEST(log.same_or_noticed());
      auto both = head;
      auto other = 4096 - slot;
      both[other + at] = static_cast<char>(both[other + at] ^ 0x40);
      log.restore();
      write_bytes(log.copy / "HEAD", both);
      log.must_refuse("no valid slot");
    }
}

BOOST_AUTO_TEST_CASE(a_head_of_another_log_is_refused) {
  closed_log log{false};
  scratch_directory other{memory_or_disk()};
  {
    auto another = open_or_fail(other.data());
    must_append(*another, request_of("account/else", 0, 3));
  }
  log.restore();
  write_bytes(log.copy / "HEAD", read_bytes(other.data() / "HEAD"));
  log.must_refuse("differs from HEAD at position 3");
}

BOOST_AUTO_TEST_CASE(a_lost_database_or_file_of_it_is_refused) {
  closed_log log{true};
  log.restore();
  fs::remove_all(log.copy / "db");
  BOOST_TEST(!log.same_or_noticed());
  for (const auto* part : {"CURRENT", "MANIFEST", ".sst"}) {
    log.restore();
    fs::remove(log.files(part).at(0));
    BOOST_TEST(!log.same_or_noticed(), part);
  }
}

BOOST_AUTO_TEST_CASE(a_flipped_byte_never_gives_another_answer) {
  auto seed = test_seed();
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  std::mt19937_64 random{seed};
  int noticed = 0;
  for (bool in_tables : {false, true}) {
    closed_log log{in_tables};
    auto parts = in_tables ? std::vector<std::string>{".sst", "MANIFEST", "CURRENT"}
                           : std::vector<std::string>{".log", "MANIFEST"};
    for (const auto& part : parts) {
      log.restore(); // the last open may have made and removed files
      for (const auto& file : log.files(part)) {
        log.restore();
        for (const auto at : places(fs::file_size(file), 12, random)) {
          log.restore();
          write_bytes(file, flipped(read_bytes(file), at, random));
          BOOST_TEST_CONTEXT(file.filename().string() << " byte " << at << " seed " << seed)
          noticed += log.same_or_noticed() ? 0 : 1;
        }
      }
    }
  }
  BOOST_TEST(noticed > 0);
}

// RocksDB reads them before it verifies them, and some damage there ends the process.
BOOST_AUTO_TEST_CASE(any_bit_of_footer_metaindex_and_properties_of_a_table_is_refused) {
  closed_log log{true};
  log.restore();
  const auto files = log.files(".sst");
  BOOST_REQUIRE(!files.empty());
  for (const auto& file : files) {
    log.restore();
    const auto good = read_bytes(file);
    const auto first = good.find("rocksdb.block.based.table.index.type") - 3; // the first property
    BOOST_REQUIRE(first < good.size());
    const auto step = every_byte() ? test_share().step : 1 + (good.size() - first) * 8 / 150;
    for (auto bit = first * 8 + test_share().first; bit < good.size() * 8; bit += step) {
      auto bad = good;
      bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
      write_bytes(file, bad);
      const auto checked = check_table_files(file.parent_path());
      BOOST_TEST_CONTEXT(file.filename().string() << " bit " << bit << " of " << good.size() * 8)
      if (!checked)
        BOOST_TEST(checked.error().message.starts_with(file.string()));
      else { // the footer's unused bytes and its last ones, which RocksDB verifies
        BOOST_TEST(bit / 8 >= good.size() - 53);
        static_cast<void>(log.same_or_noticed());
        log.restore();
      }
    }
    write_bytes(file, good);
    BOOST_TEST(check_table_files(file.parent_path()).has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_manifest_cut_anywhere_never_gives_another_answer) {
  closed_log log{true};
  log.restore();
  auto manifest = log.files("MANIFEST").at(0);
  auto size = fs::file_size(manifest);
  int noticed = 0;
  const auto step = every_byte() ? test_share().step : 1 + size / 120;
  for (std::uintmax_t left = test_share().first; left < size; left += step) {
    log.restore();
    fs::resize_file(manifest, left);
    BOOST_TEST_CONTEXT("cut to " << left)
    noticed += log.same_or_noticed() ? 0 : 1;
  }
  BOOST_TEST(noticed > 0);
}

BOOST_AUTO_TEST_CASE(a_damaged_event_is_named_and_other_streams_go_on) {
  scratch_directory directory{memory_or_disk()};
  {
    auto log = open_or_fail(directory.data());
    // More than a block of each, so that one flipped byte spares the other streams.
    const auto payload = '"' + std::string(40'000, 'x') + '"';
    for (std::uint64_t i = 0; i < streams; ++i)
      must_append(*log, {"account/" + std::to_string(i), 0, {command_of(3, payload)}});
  }
  open_or_fail(directory.data());
  bool named = false;
  for (const auto& entry : fs::directory_iterator{directory.data() / "db"}) {
    auto bytes = read_bytes(entry.path());
    // The first header lies in the first block, and there is nothing before it to be packed with.
    auto at = bytes.find("payload_hash");
    if (entry.path().extension() != ".sst" || at == std::string::npos)
      continue;
    bytes[at] = 'X';
    write_bytes(entry.path(), bytes);
    named = true;
  }
  BOOST_REQUIRE(named);
  auto log = open_or_fail(directory.data());
  auto ignore = [](const recorded_event&) { return result<void>{}; };
  auto broken = log->read_stream("account/0", 1, ignore);
  BOOST_REQUIRE(broken.has_error());
  BOOST_TEST((broken.error().code == errc::corrupt_log));
  BOOST_TEST(broken.error().message.find("stream account/0, sequence 1") != std::string::npos,
             broken.error().message);
  BOOST_TEST(broken.error().message.find(".sst") != std::string::npos, broken.error().message);
  auto whole = log->read_all(1, ignore);
  BOOST_REQUIRE(whole.has_error());
  BOOST_TEST(whole.error().message.find("stream account/0, sequence 1") != std::string::npos,
             whole.error().message);
  BOOST_TEST(stream_of(*log, "account/2").size() == 3);
  must_append(*log, request_of("account/2", 3));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
