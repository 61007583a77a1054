#pragma once

// Finds values by host or domain: open addressing over 32-bit fingerprints. It stores no texts, so
// the caller must compare each hit with its own text. The hash is keyed with a secret of the
// process, and a look-up reads at most `most_probes` cells whatever the keys are: values that find
// no free cell among those go into a map. Most look-ups find nothing, and a small filter says so
// before the large table is touched. Immutable once filled; any thread.

#include "domain/core/keyed_hash.hpp"

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace headwater::attribution {

class host_table {
public:
  host_table() : host_table(0) {}
  /// Makes room for `most` insertions.
  explicit host_table(std::size_t most);

  /// A key may have several values. `value` is below 2^32 - 1.
  void insert(std::string_view key, std::uint32_t value);

  /// Calls `visit(value)` for each value of the key, and rarely for a value of another key.
  template <class Visitor>
  void each(std::string_view key, Visitor&& visit) const {
    const auto hash = quick_text_hash(key, *secret_);
    if (!may_hold(hash))
      return;
    for (std::uint64_t probe = 0; probe < most_probes; ++probe) {
      const auto& here = cells_[(hash + probe) & mask_];
      if (here.value == free)
        return;
      if (here.fingerprint == hash >> 32U)
        visit(here.value);
    }
    const auto [first, last] = crowded_out_.equal_range(hash);
    for (auto at = first; at != last; ++at)
      visit(at->second);
  }

  [[nodiscard]] bool empty() const { return used_ == 0; }
  [[nodiscard]] std::size_t bytes() const;

private:
  static constexpr std::uint32_t free = ~std::uint32_t{0};
  static constexpr std::uint64_t most_probes = 64; ///< with random keys, so long a run is rare

  static constexpr std::uint64_t word_bits = 64;

  struct cell {
    std::uint32_t fingerprint = 0;
    std::uint32_t value = free;
  };

  /// False for 15 of 16 keys at least that the table does not have.
  [[nodiscard]] bool may_hold(std::uint64_t hash) const {
    const auto bit = (hash >> 20U) & filter_mask_;
    return (filter_[bit / word_bits] >> (bit % word_bits) & 1U) != 0;
  }

  std::vector<cell> cells_; ///< a power of two, at most half of them used
  std::uint64_t mask_;
  std::vector<std::uint64_t> filter_; ///< at least 16 bits for each value, one of them set
  std::uint64_t filter_mask_;
  const hash_secret* secret_ = &process_secret();
  std::multimap<std::uint64_t, std::uint32_t> crowded_out_; ///< by hash
  std::size_t used_ = 0;
};

} // namespace headwater::attribution
