#pragma once

// Which bytes of a file a test changes: a sample, or every one with HEADWATER_EVERY_BYTE=1; with
// HEADWATER_SHARE=i/n every n-th from the i-th (0 to n - 1) on, for n processes side by side. The
// seed is HEADWATER_SEED, or random and printed.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
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

struct share {
  std::size_t first = 0;
  std::size_t step = 1;
};

inline share test_share() {
  const auto* text = std::getenv("HEADWATER_SHARE");
  share out;
  if (text && (std::sscanf(text, "%zu/%zu", &out.first, &out.step) != 2 || out.step == 0))
    throw std::invalid_argument("HEADWATER_SHARE is not i/n: " + std::string{text});
  return out;
}

/// The places of a file of `size` bytes to damage: all of them, or `sampled` at random.
inline std::vector<std::size_t> places(std::size_t size, std::size_t sampled,
                                       std::mt19937_64& random) {
  std::vector<std::size_t> out;
  if (every_byte()) {
    const auto mine = test_share();
    for (auto at = mine.first; at < size; at += mine.step)
      out.push_back(at);
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
