// Logs with a hole in their middle: the tables end before the write-ahead logs begin, or one of
// those is missing. The newest files bring position, heads and marks, so that only looking for what
// lies before them shows it.

#include "tests/store/child_process.hpp"
#include "tests/store/lineage.hpp"

#include <random>

namespace headwater::store::testing {
namespace {

/// Where the records of a file in RocksDB's log format end, as long as it is one block of 32 KiB.
std::vector<std::size_t> record_ends(const std::string& bytes) {
  constexpr std::size_t header = 7; // checksum, length, type
  std::vector<std::size_t> out{0};
  for (std::size_t at = 0; at + header <= bytes.size();) {
    const auto length = static_cast<unsigned char>(bytes[at + 4]) +
                        (static_cast<std::size_t>(static_cast<unsigned char>(bytes[at + 5])) << 8);
    at += header + length;
    out.push_back(at);
  }
  BOOST_REQUIRE(out.back() == bytes.size() && bytes.size() < (32 << 10));
  return out;
}

} // namespace

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
      log.must_refuse("has a hole: positions " +
                      std::to_string(earlier * lineage::requests + 1) + " to " +
                      std::to_string(later * lineage::requests) + " are missing");
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

BOOST_AUTO_TEST_CASE(a_manifest_cut_at_any_record_never_gives_another_answer) {
  // Opened anew, so that the MANIFEST tells how each family was brought into tables, one by one.
  lineage log{3};
  const auto manifest = lineage::files(log.state(2), "MANIFEST").at(0);
  const auto bytes = read_bytes(manifest);
  std::set<std::string> told;
  for (const auto size : record_ends(bytes)) {
    BOOST_TEST_CONTEXT("cut to " << size << " of " << bytes.size()) {
      log.take(2);
      write_bytes(log.in_copy(manifest.filename()), bytes.substr(0, size));
      if (const auto why = log.open_copy()) {
        BOOST_TEST((why->code == errc::corrupt_log || size < 300), why->message);
        told.insert(why->message);
        BOOST_TEST_MESSAGE(size << ": " << why->message);
      } else BOOST_TEST_MESSAGE(size << ": opened");
    }
  }
}

BOOST_AUTO_TEST_CASE(experiment_obsolete_copy) {
  const lineage log{4};
  for (std::size_t from = 0; from < 4; ++from) {
    log.take(3);
    const auto wal = lineage::files(log.state(from), ".log").at(0);
    fs::copy(wal, log.in_copy("000999.log"));
    const auto why = log.open_copy();
    BOOST_TEST_MESSAGE(from << ": " << (why ? why->message : "opened"));
    log.take(3);
    std::string bytes = read_bytes(lineage::files(log.state(3), ".log").at(0));
    write_bytes(lineage::files(log.copy(), ".log").at(0), bytes + read_bytes(wal));
    const auto why2 = log.open_copy();
    BOOST_TEST_MESSAGE(from << " appended: " << (why2 ? why2->message : "opened"));
    log.take(3);
    write_bytes(lineage::files(log.copy(), ".log").at(0), read_bytes(wal) + bytes);
    const auto why3 = log.open_copy();
    BOOST_TEST_MESSAGE(from << " prepended: " << (why3 ? why3->message : "opened"));
  }
}

BOOST_AUTO_TEST_CASE(experiment_random) {
  constexpr std::size_t states = 4;
  const lineage log{states};
  std::map<std::string, std::vector<fs::path>> files;
  for (std::size_t i = 0; i < states; ++i)
    for (const auto& entry : fs::directory_iterator{log.state(i) / "db"})
      if (entry.is_regular_file())
        files[entry.path().filename()].push_back(entry.path());
  std::vector<fs::path> wals;
  for (std::size_t i = 0; i < states; ++i)
    wals.push_back(lineage::files(log.state(i), ".log").at(0));
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  std::map<std::string, int> told;
  int opened = 0;
  const int rounds = std::getenv("ROUNDS") ? std::atoi(std::getenv("ROUNDS")) : 50;
  for (int i = 0; i < rounds; ++i) {
    std::string what;
    const auto of = random() % states;
    log.take(of);
    what += "state " + std::to_string(of);
    if (random() % 2) {
      const auto head = random() % states;
      fs::copy(log.state(head) / "HEAD", log.copy() / "HEAD", fs::copy_options::overwrite_existing);
      what += " head " + std::to_string(head);
    }
    if (random() % 2) {
      const auto m = random() % states;
      for (const auto* part : {"MANIFEST", "CURRENT", ".sst"})
        for (const auto& file : lineage::files(log.state(m), part))
          fs::copy(file, log.in_copy(file.filename()), fs::copy_options::overwrite_existing);
      what += " manifest " + std::to_string(m);
    }
    for (int n = random() % 4; n > 0; --n) {
      const auto& wal = wals[random() % states];
      auto name = wal.filename().string();
      if (random() % 3 == 0)
        name = std::string("00090") + std::to_string(random() % 10) + ".log";
      auto bytes = read_bytes(wal);
      if (random() % 4 == 0)
        bytes.resize(random() % bytes.size());
      if (random() % 4 == 0 && fs::exists(log.in_copy(name)))
        bytes = read_bytes(log.in_copy(name)) + bytes;
      write_bytes(log.in_copy(name), bytes);
      what += " " + wal.filename().string() + "->" + name + ":" + std::to_string(bytes.size());
    }
    BOOST_TEST_CONTEXT(what) {
      const auto why = log.open_copy();
      opened += !why;
      if (why)
        told[why->message.substr(why->message.find("copy"))]++;
    }
  }
  BOOST_TEST_MESSAGE("opened " << opened);
  for (const auto& [why, count] : told)
    BOOST_TEST_MESSAGE(count << " " << why);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
