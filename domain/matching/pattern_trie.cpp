#include "domain/matching/pattern_trie.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

/// The pieces [first, last) share their first `depth` symbols.
struct span_of_pieces {
  std::size_t first;
  std::size_t last;
  std::size_t depth;
};

} // namespace

// Built level by level from sorted pieces: the pieces below a node are one span of the sorted list,
// and its children are the runs of equal symbols within that span. Appending each node's children
// when the node is processed puts them side by side, so a node needs only the index of its first
// child and a bitmap; a child's place is the number of bits below its own. That keeps a node at 16
// bytes, where an array of 64 indices would take 256; 50,000 pieces can make 1.6 million nodes.
pattern_trie::pattern_trie(std::vector<piece> pieces) {
  std::ranges::sort(pieces, {}, &piece::symbols);
  nodes_.emplace_back();
  std::vector<span_of_pieces> spans{{0, pieces.size(), 0}}; // one for each node
  for (std::size_t i = 0; i < spans.size(); ++i) {
    auto [at, last, depth] = spans[i];
    if (at < last && pieces[at].symbols.size() == depth) { // shorter ones come first
      nodes_[i].hits = static_cast<std::uint32_t>(hits_.size()) + 1;
      for (; at < last && pieces[at].symbols.size() == depth; ++at)
        hits_.push_back(pieces[at].tag);
      hits_.back() |= last_of_node;
    }
    nodes_[i].first_child = static_cast<std::uint32_t>(nodes_.size());
    while (at < last) {
      const auto symbol = static_cast<std::uint8_t>(pieces[at].symbols[depth]);
      auto next = at;
      while (next < last && static_cast<std::uint8_t>(pieces[next].symbols[depth]) == symbol)
        ++next;
      nodes_[i].children |= std::uint64_t{1} << symbol;
      nodes_.emplace_back();
      spans.push_back({at, next, depth + 1});
      at = next;
    }
  }
  nodes_.shrink_to_fit();
  hits_.shrink_to_fit();
}

} // namespace headwater::attribution
