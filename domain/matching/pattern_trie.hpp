#pragma once

// Many texts in one trie: one walk along a host's symbols finds every text that starts where the
// walk started, at a cost bounded by the host's length and not by the number of texts. Nodes are 16
// bytes, siblings lie side by side, levels follow one another. Immutable; any thread.

#include "domain/matching/host_symbols.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace headwater::attribution {

/// Texts are cut to this many bytes. Bounds the trie of an account with nothing but long patterns.
inline constexpr std::size_t longest_piece = 32;

class pattern_trie {
public:
  struct piece {
    std::string symbols; ///< 1 to longest_piece
    std::uint32_t tag;   ///< below 2^31
  };

  pattern_trie() : pattern_trie(std::vector<piece>{}) {}
  explicit pattern_trie(std::vector<piece> pieces);

  [[nodiscard]] bool empty() const { return hits_.empty(); }

  /// Calls `visit(tag)` for each piece with which the row of symbols [at, end) begins.
  template <class Visitor>
  void walk(const std::uint8_t* at, const std::uint8_t* end, Visitor&& visit) const {
    for (std::uint32_t state = 0;; ++at) {
      const node& here = nodes_[state];
      if (here.hits != 0)
        tell(here.hits, visit);
      if (at == end)
        return;
      const auto bit = std::uint64_t{1} << *at;
      if ((here.children & bit) == 0)
        return;
      state = here.first_child;
      if (here.children != bit) // most nodes have only one child
        state += static_cast<std::uint32_t>(std::popcount(here.children & (bit - 1)));
    }
  }

  [[nodiscard]] std::size_t bytes() const {
    return nodes_.capacity() * sizeof(node) + hits_.capacity() * sizeof(std::uint32_t);
  }

private:
  static constexpr std::uint32_t last_of_node = std::uint32_t{1} << 31;

  struct node {
    std::uint64_t children = 0;    ///< a bit for each symbol
    std::uint32_t first_child = 0; ///< the other children follow, in order of symbol
    std::uint32_t hits = 0;        ///< 1 + index of its first entry in hits_; 0: none
  };

  template <class Visitor>
  void tell(std::uint32_t hits, Visitor& visit) const {
    for (auto at = hits - 1;; ++at) {
      visit(hits_[at] & ~last_of_node);
      if ((hits_[at] & last_of_node) != 0)
        return;
    }
  }

  std::vector<node> nodes_; ///< the root first
  std::vector<std::uint32_t> hits_;
};

} // namespace headwater::attribution
