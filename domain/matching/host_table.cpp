#include "domain/matching/host_table.hpp"

#include <bit>

namespace headwater::attribution {

host_table::host_table(std::size_t most)
    : cells_(std::bit_ceil(2 * most + 1)), mask_(cells_.size() - 1) {}

// Linear probing at a load of at most a half, where runs of used cells are short as long as hashes
// are random. Clients choose the keys, but not the secret of the hash, so they cannot aim at one
// run; equal keys still share one. The cap on probes makes the bound independent of all that: a
// look-up reads 64 adjacent cells and, only if none of them is free, the ordered map.
void host_table::insert(std::string_view key, std::uint32_t value) {
  ++used_;
  const auto hash = quick_text_hash(key, *secret_);
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
  return cells_.capacity() * sizeof(cell) +
         crowded_out_.size() * (sizeof *crowded_out_.begin() + links);
}

} // namespace headwater::attribution
