// A MANIFEST with zeros in place of its last records, as a power cut leaves it that comes between
// the file's new size and its new contents: it is read up to its last whole record. Any other
// damage stays damage.

#include "store/engine/torn_manifest.hpp"
#include "tests/store/changed_bytes.hpp"
#include "tests/store/engine/lineage.hpp"

#include <random>

namespace headwater::store::testing {
namespace {

std::uint64_t readable(std::string_view bytes) {
  torn_tail tail;
  for (std::size_t at = 0; at <= bytes.size(); at += log_block_size)
    tail.take(bytes.substr(at, log_block_size));
  return tail.readable();
}

/// With zeros from a place on.
std::string zeroed(std::string bytes, std::size_t from) {
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), '\0');
  return bytes;
}

/// The beginning of the record that holds the byte.
std::size_t begin_of_record(const std::vector<std::size_t>& ends, std::size_t at) {
  return *std::prev(std::ranges::upper_bound(ends, at));
}

/// A block of the file's records that leaves no room for the header of one more.
std::string full_block(const std::string& bytes) {
  const auto ends = record_ends(bytes);
  const auto filler = bytes.substr(0, ends.at(1));
  for (std::size_t i = 1; i + 1 < ends.size(); ++i)
    for (std::size_t last = i + 1; last < ends.size(); ++last) {
      auto block = bytes.substr(ends[i], ends[last] - ends[i]);
      while (block.size() + filler.size() <= log_block_size)
        block += filler;
      if (log_block_size - block.size() < 7) {
        block.resize(log_block_size);
        return block;
      }
    }
  throw std::runtime_error{"no records of the MANIFEST fill a block"};
}

/// A log as a power cut in its second start leaves it, whose MANIFEST is on the disk in part.
class interrupted_start {
public:
  interrupted_start() {
    use_whole();
    manifest_ = log_.in_copy(lineage::files(log_.state(1), "MANIFEST").at(0).filename());
    bytes_ = read_bytes(manifest_);
  }

  [[nodiscard]] const std::string& manifest() const { return bytes_; }

  /// Why a log with this MANIFEST is refused, or nothing. Never does it give another answer.
  [[nodiscard]] std::string refusal_with(const std::string& manifest) const {
    use_whole();
    write_bytes(manifest_, manifest);
    const auto why = log_.open_copy();
    return why ? why->message : std::string{};
  }

private:
  /// What the start wrote, beside what it found and had not yet removed.
  void use_whole() const {
    log_.take(0);
    for (const auto* part : {"MANIFEST", "CURRENT", ".sst"})
      for (const auto& file : lineage::files(log_.state(1), part))
        fs::copy(file, log_.in_copy(file.filename()), fs::copy_options::overwrite_existing);
  }

  lineage log_{2};
  fs::path manifest_;
  std::string bytes_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(torn_manifest)

BOOST_AUTO_TEST_CASE(zeros_at_the_end_are_left_out_with_the_record_that_they_begin_in) {
  const interrupted_start log;
  const auto& bytes = log.manifest();
  const auto ends = record_ends(bytes);
  BOOST_TEST(readable(bytes) == bytes.size());
  for (std::size_t from = 0; from < bytes.size(); ++from) {
    const auto changed = bytes.find_first_not_of('\0', from);
    const auto expected = changed < bytes.size() ? begin_of_record(ends, changed) : bytes.size();
    BOOST_TEST_CONTEXT("zeros from " << from << " of " << bytes.size())
    BOOST_TEST(readable(zeroed(bytes, from)) == expected);
  }
}

BOOST_AUTO_TEST_CASE(zeros_behind_the_last_record_are_left_out) {
  const interrupted_start log;
  const auto& bytes = log.manifest();
  for (const std::size_t zeros : {1, 6, 7, 8, 4'096, 40'000})
    BOOST_TEST(readable(bytes + std::string(zeros, '\0')) == bytes.size(), zeros);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_short_is_left_to_rocksdb) {
  const interrupted_start log;
  const auto& bytes = log.manifest();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    if (size == 0 || bytes[size - 1] != '\0')
      BOOST_TEST(readable(std::string_view{bytes}.substr(0, size)) == size);
}

BOOST_AUTO_TEST_CASE(a_flipped_bit_is_no_torn_record) {
  const interrupted_start log;
  const auto& bytes = log.manifest();
  const auto ends = record_ends(bytes);
  const auto seed = test_seed();
  BOOST_TEST_MESSAGE("HEADWATER_SEED=" << seed);
  std::mt19937_64 random{seed};
  for (int round = 0; round < 2'000; ++round) {
    const auto at = random() % ends[ends.size() - 2]; // some record follows
    BOOST_TEST_CONTEXT("byte " << at << ", seed " << seed)
    BOOST_TEST(readable(flipped(bytes, at, random)) == bytes.size());
  }
}

BOOST_AUTO_TEST_CASE(zeros_may_reach_over_several_blocks) {
  const interrupted_start log;
  const auto block = full_block(log.manifest());
  const auto ends = record_ends(block.substr(0, block.find_last_not_of('\0') + 1));
  const auto file = block + block + block;
  BOOST_TEST(readable(file) == file.size());
  for (std::size_t from = 0; from < ends.back(); from += 97) {
    const auto torn = zeroed(file, log_block_size + from);
    BOOST_TEST_CONTEXT("zeros from " << from << " in the second of three blocks")
    BOOST_TEST(readable(torn) ==
               log_block_size + begin_of_record(ends, block.find_first_not_of('\0', from)));
    auto more = torn;
    more.back() = 'x';
    BOOST_TEST(readable(more) == more.size());
  }
}

BOOST_AUTO_TEST_CASE(a_start_that_lost_power_starts_again_as_if_the_file_ended_there) {
  const interrupted_start log;
  const auto& bytes = log.manifest();
  const auto ends = record_ends(bytes);
  BOOST_TEST(log.refusal_with(bytes) == "");
  const auto last = ends[ends.size() - 2];
  for (auto from = last; from < bytes.size(); from += 9)
    BOOST_TEST_CONTEXT("zeros from " << from << " of " << bytes.size())
  BOOST_TEST(log.refusal_with(zeroed(bytes, from)) == "");
  const auto step = every_byte() ? 1 : 1 + bytes.size() / 20;
  for (std::size_t from = 0; from < last; from += step)
    BOOST_TEST_CONTEXT("zeros from " << from << " of " << bytes.size())
  BOOST_TEST(log.refusal_with(zeroed(bytes, from)) ==
             log.refusal_with(bytes.substr(0, begin_of_record(ends, from))));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
