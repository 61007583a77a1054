#pragma once

// Many texts in one trie: a walk over a host's symbols finds all that begin where it began, at a
// cost that the host's length bounds and not their number. Nodes are 16 bytes, children lie side by
// side, levels follow each other. Immutable; any thread.

#include "domain/attribution/host_symbols.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace headwater::attribution {

/// Texts are cut to so many bytes: the rest is for the one who asked to compare. It bounds the size
/// of a trie over an account of nothing but long patterns.
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

  /// Calls `visit(tag)` for each piece that the row of symbols [first, last) begins with.
  template <class Visitor>
  void walk(const std::uint8_t* first, const std::uint8_t* last, Visitor&& visit) const {
    step_through(
        static_cast<std::size_t>(last - first), [&] { return *first++; }, visit);
  }

  /// The same for what the row begins with when it is read backwards.
  template <class Visitor>
  void walk_back(const std::uint8_t* first, const std::uint8_t* last, Visitor&& visit) const {
    step_through(
        static_cast<std::size_t>(last - first), [&] { return *--last; }, visit);
  }

  [[nodiscard]] std::size_t bytes() const {
    return nodes_.capacity() * sizeof(node) + hits_.capacity() * sizeof(std::uint32_t);
  }

private:
  static constexpr std::uint32_t last_of_node = std::uint32_t{1} << 31;

  struct node {
    std::uint64_t children = 0;    ///< a bit for each symbol
    std::uint32_t first_child = 0; ///< the others follow, by symbol
    std::uint32_t hits = 0;        ///< 1 + index of the first of hits_; 0: none
  };

  template <class Next, class Visitor>
  void step_through(std::size_t left, Next&& next, Visitor& visit) const {
    for (std::uint32_t state = 0;; --left) {
      const node& here = nodes_[state];
      if (here.hits != 0)
        tell(here.hits, visit);
      if (left == 0)
        return;
      const auto bit = std::uint64_t{1} << next();
      if ((here.children & bit) == 0)
        return;
      state =
          here.first_child + static_cast<std::uint32_t>(std::popcount(here.children & (bit - 1)));
    }
  }

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

/// The symbols of a text's first longest_piece bytes, or of its last ones in reverse.
[[nodiscard]] std::string piece_of(std::string_view text);
[[nodiscard]] std::string reversed_piece_of(std::string_view text);

} // namespace headwater::attribution
