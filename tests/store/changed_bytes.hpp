#pragma once

// Which bytes of a file a test changes: a sample, or every one with HEADWATER_EVERY_BYTE=1. The
// seed is HEADWATER_SEED, or random and printed.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::store::testing {

inline bool every_byte() {
  const auto* text = std::getenv("HEADWATER_EVERY_BYTE");
  return text && std::string_view{text} == "1";
}

inline std::uint64_t test_seed() {
  const auto* text = std::getenv("HEADWATER_SEED");
  return text ? std::strtoull(text, nullptr, 10) : std::random_device{}();
}

/// The places of a file of `size` bytes to damage: all of them, or `sampled` at random.
inline std::vector<std::size_t> places(std::size_t size, std::size_t sampled,
                                       std::mt19937_64& random) {
  std::vector<std::size_t> out;
  if (every_byte()) {
    out.resize(size);
    std::ranges::generate(out, [at = std::size_t{0}]() mutable { return at++; });
  } else if (size > 0) {
    for (std::size_t i = 0; i < sampled; ++i)
      out.push_back(random() % size);
  }
  return out;
}

/// The bytes with one bit of one of them flipped.
inline std::string flipped(std::string bytes, std::size_t at, std::mt19937_64& random) {
  bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
  return bytes;
}

} // namespace headwater::store::testing
