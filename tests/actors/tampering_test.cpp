// Every file of a data directory, a byte changed: the change is reported, naming what it hit, or
// every answer is the one of before. Sampled here, every byte with HEADWATER_EVERY_BYTE=1
// (tests/README.md).

#include "tampering.hpp"
#include "tests/store/changed_bytes.hpp"
#include "tests/store/log_fixture.hpp"

#include <iostream>

namespace headwater::actors::testing {
namespace {

namespace fs = std::filesystem;
using namespace headwater::store::testing;

/// Side facts that were written behind the last commit have no HEAD to guard them
/// (store/FORMAT.md): they may lag or vanish without harm.
bool is_unguarded(const std::string& file, const std::string& name) {
  return file.ends_with(".log") && name == "operational facts";
}

/// RocksDB writes OPTIONS for people to read and reads none of it: 53,000 bytes twice, so a sample.
std::vector<std::size_t> places_in(const std::string& file, std::size_t size,
                                   std::mt19937_64& random) {
  if (file.find("OPTIONS") == file.npos)
    return places(size, 6, random);
  std::vector<std::size_t> out(every_byte() ? 1 + 500 / test_share().step : 6);
  std::ranges::generate(out, [&] { return random() % size; });
  return out;
}

struct counts {
  std::size_t changed = 0;
  std::size_t refused = 0; ///< by the start
  std::size_t named = 0;   ///< by an answer, while the others are as before
  std::size_t equal = 0;
  std::size_t older = 0; ///< equal, but for side facts
};

std::ostream& operator<<(std::ostream& out, const counts& of) {
  return out << of.changed << " bytes changed: " << of.refused << " refused by the start, "
             << of.named << " named by an answer, " << of.equal << " without effect, " << of.older
             << " that lost operational facts";
}

/// Whether a message tells where to look: a file, a stream, a position, a part of the tree.
bool names_something(const std::string& message) {
  for (const auto* word : {".sst", ".log", "MANIFEST", "CURRENT", "HEAD", "FORMAT", "signing_key",
                           "stream ", "position ", "Merkle tree", "checkpoint", "/db"})
    if (message.find(word) != std::string::npos)
      return true;
  return false;
}

class tampered_installation {
public:
  explicit tampered_installation(bool in_tables) {
    streams_ = make_installation(original_);
    if (in_tables) // recovery moves what the write-ahead log holds into table files
      BOOST_REQUIRE(ask_everything(original_, streams_).has_value());
    restore();
    auto found = ask_everything(copy_, streams_);
    BOOST_REQUIRE_MESSAGE(found, found.error().message);
    expected_ = std::move(*found);
    for (const auto& [name, each] : expected_)
      BOOST_REQUIRE_MESSAGE(!each.fault && !each.rows.empty(), name);
  }

  /// By name, below the directory; those that are empty have no bytes.
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator{original_})
      if (entry.is_regular_file() && entry.file_size() > 0)
        out.push_back(entry.path().lexically_relative(original_).string());
    std::ranges::sort(out);
    return out;
  }
  [[nodiscard]] std::string bytes_of(const std::string& file) const {
    return read_bytes(original_ / file);
  }
  [[nodiscard]] const answers& expected() const { return expected_; }

  [[nodiscard]] result<answers> with(const std::string& file, std::string_view bytes) const {
    restore();
    write_bytes(copy_ / file, bytes);
    return ask_everything(copy_, streams_);
  }

  /// Changes a file and judges what becomes of it.
  void judge(const std::string& file, std::string_view bytes, counts& into) const {
    const auto got = with(file, bytes);
    ++into.changed;
    if (!got) {
      ++into.refused;
      BOOST_TEST(names_something(got.error().message), got.error().message);
      return;
    }
    bool is_named = false;
    bool is_older = false;
    for (const auto& [name, before] : expected_) {
      const auto& now = got->at(name);
      is_named = is_named || now.fault;
      if (now.fault)
        BOOST_TEST(names_something(now.fault->message), name << ": " << now.fault->message);
      const bool begins_so = now.rows.size() <= before.rows.size() &&
                             std::equal(now.rows.begin(), now.rows.end(), before.rows.begin());
      const bool is_same = begins_so && (now.fault || now.rows.size() == before.rows.size());
      const bool is_lost = !is_same && is_unguarded(file, name);
      is_older = is_older || is_lost;
      BOOST_TEST((is_same || is_lost), name << " is silently another answer");
    }
    ++(is_named ? into.named : is_older ? into.older : into.equal);
  }

private:
  void restore() const {
    fs::remove_all(copy_);
    fs::copy(original_, copy_, fs::copy_options::recursive);
  }

  scratch_directory directory_{memory_or_disk()};
  fs::path original_ = directory_.path() / "original";
  fs::path copy_ = directory_.path() / "copy";
  std::vector<std::string> streams_;
  answers expected_;
};

void change_bytes_of_all_files(bool in_tables) {
  const auto seed = test_seed();
  std::cout << "HEADWATER_SEED=" << seed << '\n';
  std::mt19937_64 random{seed};
  const tampered_installation whole{in_tables};
  counts all;
  for (const auto& file : whole.files()) {
    const auto good = whole.bytes_of(file);
    counts here;
    for (const auto at : places_in(file, good.size(), random))
      BOOST_TEST_CONTEXT(file << " byte " << at << " seed " << seed)
    whole.judge(file, flipped(good, at, random), here);
    if (every_byte())
      std::cout << file << ": " << here << std::endl;
    all.changed += here.changed;
    all.refused += here.refused;
    all.named += here.named;
    all.equal += here.equal;
    all.older += here.older;
  }
  std::cout << "in all: " << all << std::endl;
  BOOST_TEST(all.refused + all.named > 0U);
  BOOST_TEST(all.changed >= 50U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tampering)

BOOST_AUTO_TEST_CASE(changed_byte_of_a_log_that_lies_in_its_wal_is_reported_or_changes_no_answer) {
  change_bytes_of_all_files(false);
}

BOOST_AUTO_TEST_CASE(changed_byte_of_a_log_that_lies_in_tables_is_reported_or_changes_no_answer) {
  change_bytes_of_all_files(true);
}

// Rows that lie in a table are under their block's checksum: none is ever read as another one. The
// first block of a table is one of rows.
BOOST_AUTO_TEST_CASE(changed_rows_of_a_table_are_an_error_that_names_its_file) {
  const tampered_installation whole{true};
  std::size_t named = 0;
  for (const auto& file : whole.files()) {
    if (!file.ends_with(".sst"))
      continue;
    auto bytes = whole.bytes_of(file);
    bytes[bytes.size() > 16 ? 16 : 0] ^= 0x20;
    const auto got = whole.with(file, bytes);
    std::vector<std::string> faults;
    if (!got)
      faults.push_back(got.error().message);
    else
      for (const auto& [name, each] : *got)
        if (each.fault)
          faults.push_back(each.fault->message);
        else
          BOOST_TEST((each.rows == whole.expected().at(name).rows), file << ", " << name);
    for (const auto& each : faults)
      BOOST_TEST(each.find(".sst") != each.npos, file << ": " << each);
    named += faults.empty() ? 0 : 1;
  }
  BOOST_TEST(named >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::actors::testing
