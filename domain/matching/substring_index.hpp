#pragma once

// Finds which of many texts may occur in a host. Each text is filed under its rarest four
// consecutive symbols, counted over all texts: a bitmap says for each place in a host whether some
// text could be there, and only then is a trie walked. So a host costs about a nanosecond a byte
// whatever the number of texts, and at worst its length times longest_piece.
//
// A hit only says that part of the text is there; the caller compares the rest. Immutable; any
// thread.

#include "domain/matching/pattern_trie.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace headwater::attribution {

class substring_index {
public:
  struct text {
    std::string_view bytes; ///< not empty; need not outlive the constructor
    std::uint32_t tag;      ///< below 2^31
  };

  substring_index() : substring_index(std::vector<text>{}) {}
  explicit substring_index(const std::vector<text>& texts);

  /// Calls `visit(tag)` for each text that the host may contain: every one it does contain, a few
  /// others, and some more than once.
  template <class Visitor>
  void each(const host_symbols& host, Visitor&& visit) const {
    if (trie_.empty())
      return;
    const auto* const end = host.end();
    for (const auto* at = host.begin(); at != end; ++at)
      if ((end - at >= gram && may_begin(gram_at(at))) || (has_short_ && short_begins(at, end)))
        trie_.walk(at, end, visit);
  }

  [[nodiscard]] std::size_t bytes() const {
    return trie_.bytes() + begins_.capacity() * sizeof(std::uint64_t);
  }

private:
  static constexpr std::ptrdiff_t gram = 4;

  [[nodiscard]] static std::uint32_t gram_at(const std::uint8_t* at) {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 6U | std::uint32_t{at[2]} << 12U |
           std::uint32_t{at[3]} << 18U;
  }
  [[nodiscard]] std::uint32_t bit_of(std::uint32_t symbols) const {
    return symbols * 0x9E3779B1U >> shift_;
  }
  [[nodiscard]] bool may_begin(std::uint32_t symbols) const {
    const auto bit = bit_of(symbols);
    return (begins_[bit / 64] >> (bit % 64) & 1U) != 0;
  }
  /// Whether a piece of one to three symbols may start here, by its first two.
  [[nodiscard]] bool short_begins(const std::uint8_t* at, const std::uint8_t* end) const {
    const auto second = end - at > 1 ? at[1] : end_symbol;
    return (short_begins_[at[0]] >> second & 1U) != 0;
  }

  void note_begin(const std::string& symbols);

  pattern_trie trie_;
  std::vector<std::uint64_t> begins_; ///< a bitmap; a power of two bits
  unsigned shift_ = 0;
  bool has_short_ = false;
  std::array<std::uint64_t, symbol_count> short_begins_{}; ///< by first symbol: bits of the second
};

} // namespace headwater::attribution
