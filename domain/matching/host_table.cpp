#include "domain/matching/host_table.hpp"

#include <algorithm>
#include <bit>

namespace headwater::attribution {
namespace {

constexpr std::size_t filter_bits = 8; // for each cell

} // namespace

host_table::host_table(std::size_t most)
    : cells_(std::bit_ceil(2 * most + 1)), mask_(cells_.size() - 1),
      filter_(std::max<std::size_t>(cells_.size() * filter_bits / word_bits, 1)),
      filter_mask_(filter_.size() * word_bits - 1) {}

// Linear probing at a load of at most a half, where runs of used cells are short as long as hashes
// are random. Clients choose the keys, but not the secret of the hash, so they cannot aim at one
// run; equal keys still share one. The cap on probes makes the bound independent of all that: a
// look-up reads 64 adjacent cells and, only if none of them is free, the ordered map.
void host_table::insert(std::string_view key, std::uint32_t value) {
  ++used_;
  const auto hash = quick_text_hash(key, *secret_);
  const auto bit = (hash >> 20U) & filter_mask_;
  filter_[bit / word_bits] |= std::uint64_t{1} << (bit % word_bits);
  for (std::uint64_t probe = 0; probe < most_probes; ++probe) {
    auto& here = cells_[(hash + probe) & mask_];
    if (here.value != free)
      continue;
    here = {static_cast<std::uint32_t>(hash >> 32U), value};
    return;
  }
  crowded_out_.emplace(hash, value);
}

std::size_t host_table::bytes() const {
  constexpr std::size_t links = 4 * sizeof(void*); // of a map node
  return cells_.capacity() * sizeof(cell) + filter_.capacity() * sizeof filter_[0] +
         crowded_out_.size() * (sizeof *crowded_out_.begin() + links);
}

} // namespace headwater::attribution
