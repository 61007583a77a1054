#include "domain/matching/substring_index.hpp"

#include <algorithm>
#include <bit>

namespace headwater::attribution {
namespace {

// With 64 bits for each text, a gram of a host passes by chance once in 64 times.
constexpr std::size_t bits_per_text = 64;
constexpr std::size_t fewest_bits = 1 << 9;
constexpr std::size_t most_bits = 1 << 20;

/// How often each bit of the bitmap would be set if every gram of every text were in it.
class gram_counts {
public:
  explicit gram_counts(std::size_t bits) : counts_(bits) {}

  void add(std::uint32_t bit) { counts_[bit] += counts_[bit] < most ? 1 : 0; }
  [[nodiscard]] std::uint16_t operator[](std::uint32_t bit) const { return counts_[bit]; }

private:
  static constexpr std::uint16_t most = 0xFFFF;
  std::vector<std::uint16_t> counts_;
};

} // namespace

void substring_index::note_begin(const std::string& symbols) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(symbols.data());
  if (symbols.size() >= gram) {
    const auto bit = bit_of(gram_at(first));
    begins_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    return;
  }
  has_short_ = true;
  short_begins_[first[0]] |= symbols.size() == 1 ? ~std::uint64_t{0} : std::uint64_t{1} << first[1];
}

// Two passes: count every four-symbol gram of every text, then cut each text to start at its rarest
// gram. Why the rarest: had each text started at its front, "www." or ".com" would be in the bitmap
// of almost any account, nearly every host would pass it, and the trie would be walked for nothing.
//
//   google.com   counts over all texts: "goog" 40, "gle." 12, ".com" 900
//      ^^^^^^^   so the piece is "gle.com", and the bitmap gets the bit of "gle."
//
// Grams share counts when they share a bit; that can only make the choice worse, never wrong, since
// the bitmap gets the bits of the grams at which pieces do begin. It is at most 128 KiB, so it can
// be tested at every place of a host; a walk, whose loads depend on one another, begins only where
// a piece may be. A text of fewer than four symbols has no gram: it stays whole, and its first one
// or two symbols are noted.
substring_index::substring_index(const std::vector<text>& texts) {
  const auto bits = std::clamp(std::bit_ceil(texts.size() * bits_per_text), fewest_bits, most_bits);
  begins_.resize(bits / 64);
  shift_ = 32 - static_cast<unsigned>(std::countr_zero(bits));
  gram_counts counts(bits);
  for (const auto& each : texts) {
    const host_symbols row(each.bytes);
    for (const auto* at = row.begin(); row.end() - at >= gram; ++at)
      counts.add(bit_of(gram_at(at)));
  }
  std::vector<pattern_trie::piece> pieces;
  pieces.reserve(texts.size());
  for (const auto& each : texts) {
    const host_symbols row(each.bytes);
    const auto* rarest = row.begin();
    for (const auto* at = row.begin(); row.end() - at >= gram; ++at)
      if (counts[bit_of(gram_at(at))] < counts[bit_of(gram_at(rarest))])
        rarest = at;
    const auto size = std::min(static_cast<std::size_t>(row.end() - rarest), longest_piece);
    pieces.push_back({std::string(rarest, rarest + size), each.tag});
    note_begin(pieces.back().symbols);
  }
  trie_ = pattern_trie(std::move(pieces));
}

} // namespace headwater::attribution
