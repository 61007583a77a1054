#include "domain/attribution/substring_index.hpp"

#include <algorithm>

namespace headwater::attribution {
namespace {

// 32 bits a piece: a host's grams pass by chance at most once in 32.
constexpr std::size_t bits_per_piece = 32;
constexpr std::size_t fewest_bits = 1 << 9;
constexpr std::size_t most_bits = 1 << 20;

} // namespace

substring_index::substring_index(std::vector<pattern_trie::piece> pieces) {
  const auto bits =
      std::clamp(std::bit_ceil(pieces.size() * bits_per_piece), fewest_bits, most_bits);
  begins_.resize(bits / 64);
  shift_ = 32 - static_cast<unsigned>(std::countr_zero(bits));
  for (const auto& [symbols, tag] : pieces) {
    const auto* text = reinterpret_cast<const std::uint8_t*>(symbols.data());
    if (symbols.size() >= gram) {
      const auto bit = bit_of(gram_at(text));
      begins_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      continue;
    }
    has_short_ = true;
    short_begins_[text[0]] |= symbols.size() == 1 ? ~std::uint64_t{0} : std::uint64_t{1} << text[1];
  }
  trie_ = pattern_trie(std::move(pieces));
}

} // namespace headwater::attribution
