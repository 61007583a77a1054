#pragma once

// What property tests draw from: a seeded source of choices, and settings from the environment.

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace headwater::attribution::test {

/// A number from the environment; 0x... is hexadecimal.
inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 0) : otherwise;
}

class random_source {
public:
  explicit random_source(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  /// True once in so many times.
  bool once_in(std::uint64_t times) { return below(times) == 0; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

private:
  std::mt19937_64 random_;
};

} // namespace headwater::attribution::test
