#include "domain/referrals/hashed_block.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace headwater::referrals {
namespace {

constexpr char block_version = 1;

struct entry {
  std::string_view hash;
  std::string_view value;
};

/// The entries of the blocks (oldest first), sorted by hash; for equal hashes the newest one.
/// Nothing if a block is unreadable.
std::optional<std::vector<entry>> newest_of(std::span<const std::string_view> blocks) {
  std::vector<entry> out;
  for (const auto block : blocks) {
    block_reader from{block};
    while (from.next())
      out.push_back({from.hash(), from.value()});
    if (!from.verdict())
      return std::nullopt;
  }
  if (blocks.size() < 2)
    return out;
  std::ranges::stable_sort(out, {}, &entry::hash);
  std::size_t kept = 0;
  for (const auto& each : out) {
    if (kept > 0 && out[kept - 1].hash == each.hash)
      --kept;
    out[kept++] = each;
  }
  out.resize(kept);
  return out;
}

} // namespace

std::string empty_block() {
  return std::string(1, block_version);
}

void append_entry(std::string& block, std::string_view hash, std::string_view value) {
  block += hash;
  append_varint(block, value.size());
  block += value;
}

block_reader::block_reader(std::string_view block) : block_(block) {
  if (block_.byte() != block_version)
    block_.fail();
}

bool block_reader::next() {
  if (block_.at_end())
    return false;
  hash_ = block_.bytes(sizeof(short_hash));
  value_ = block_.text();
  return block_.good();
}

result<void> block_reader::verdict() const {
  if (block_.good())
    return {};
  return error{errc::corrupt_log, "Block: cut short or of an unknown form"};
}

// The first block is nearly always the stored one, and long; those after it are single pushes. So
// only the changes are gathered and sorted, and the long one is copied through once. For each hash
// the newest value wins, whichever neighbours are merged first: that is what lets RocksDB merge
// some of the changes early.
std::optional<std::string> merge_blocks(std::span<const std::string_view> blocks) {
  if (blocks.empty())
    return std::string(1, block_version);
  const auto changes = newest_of(blocks.subspan(1));
  if (!changes)
    return std::nullopt;
  std::string out(1, block_version);
  out.reserve(std::accumulate(blocks.begin(), blocks.end(), std::size_t{0},
                              [](std::size_t sum, auto block) { return sum + block.size(); }));
  block_reader base{blocks.front()};
  auto change = changes->begin();
  while (base.next()) {
    for (; change != changes->end() && change->hash < base.hash(); ++change)
      append_entry(out, change->hash, change->value);
    if (change != changes->end() && change->hash == base.hash())
      continue; // the changed entry is appended next
    append_entry(out, base.hash(), base.value());
  }
  for (; change != changes->end(); ++change)
    append_entry(out, change->hash, change->value);
  if (!base.verdict())
    return std::nullopt;
  return out;
}

} // namespace headwater::referrals
