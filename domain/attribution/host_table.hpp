#pragma once

// Finds values by a host or domain: open addressing over 32-bit fingerprints. It keeps no texts, so
// the one who asks compares what it gives. Immutable once filled; any thread.

#include <cstdint>
#include <string_view>
#include <vector>

namespace headwater::attribution {

class host_table {
public:
  host_table() : host_table(0) {}
  /// Room for `most` insertions.
  explicit host_table(std::size_t most);

  /// A key may have several values. `value` is below 2^32 - 1.
  void insert(std::string_view key, std::uint32_t value);

  /// Calls `visit(value)` for each value of the key, and rarely for one of another key.
  template <class Visitor>
  void each(std::string_view key, Visitor&& visit) const {
    const auto hash = hash_of(key);
    for (auto at = hash & mask_; cells_[at].value != free; at = (at + 1) & mask_)
      if (cells_[at].fingerprint == hash >> 32U)
        visit(cells_[at].value);
  }

  [[nodiscard]] bool empty() const { return used_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return cells_.capacity() * sizeof(cell); }

private:
  static constexpr std::uint32_t free = ~std::uint32_t{0};

  struct cell {
    std::uint32_t fingerprint = 0;
    std::uint32_t value = free;
  };

  [[nodiscard]] static std::uint64_t hash_of(std::string_view key);

  std::vector<cell> cells_; ///< a power of two, at most half of them used
  std::uint64_t mask_;
  std::size_t used_ = 0;
};

} // namespace headwater::attribution
