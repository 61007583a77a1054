#include "domain/attribution/host_table.hpp"

#include <bit>
#include <cstring>

namespace headwater::attribution {
namespace {

__extension__ using wide = unsigned __int128;

constexpr std::uint64_t first_factor = 0xA0761D6478BD642FU;
constexpr std::uint64_t second_factor = 0xE7037ED1A0B428DBU;

std::uint64_t mixed(std::uint64_t left, std::uint64_t right) {
  const auto product = static_cast<wide>(left) * right;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t word_at(const char* from, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, size);
  return word;
}

/// Differs from process to process where addresses do, so that nobody can prepare domains that
/// collide.
std::uint64_t seed() {
  static const char anchor = 0;
  return mixed(reinterpret_cast<std::uintptr_t>(&anchor), first_factor);
}

const std::uint64_t start = seed();

} // namespace

std::uint64_t host_table::hash_of(std::string_view key) {
  constexpr std::size_t word = sizeof(std::uint64_t);
  auto hash = start ^ key.size();
  const auto size = key.size();
  for (std::size_t at = 0; at + word < size; at += word)
    hash = mixed(hash ^ word_at(key.data() + at, word), first_factor);
  // The last word overlaps the one before it, so that its size is known when this is compiled.
  hash ^= size < word ? word_at(key.data(), size) : word_at(key.data() + size - word, word);
  return mixed(mixed(hash, first_factor), second_factor);
}

host_table::host_table(std::size_t most)
    : cells_(std::bit_ceil(2 * most + 1)), mask_(cells_.size() - 1) {}

void host_table::insert(std::string_view key, std::uint32_t value) {
  const auto hash = hash_of(key);
  auto at = hash & mask_;
  while (cells_[at].value != free)
    at = (at + 1) & mask_;
  cells_[at] = {static_cast<std::uint32_t>(hash >> 32U), value};
  ++used_;
}

} // namespace headwater::attribution
