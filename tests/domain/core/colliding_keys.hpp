#pragma once

// Keys that all have one hash in the standard library's hash containers, as a client would make
// them, and what a thread spends on them beside keys that were not chosen.
//
// libstdc++ hashes a text by MurmurHash64A with a seed that everybody knows, eight bytes a step. A
// step can be run backwards: whatever eight bytes come first, there are eight that lead from there
// to a state of one's choice. Ways that lead to the same state can be put one behind the other in
// any combination, so four stretches of fifteen ways make 50,625 keys.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::testing {

inline constexpr std::size_t key_stretches = 4;
inline constexpr std::size_t key_length = 16 * key_stretches;

/// What may stand in a JSON string without an escape.
inline constexpr std::string_view printable =
    " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// Texts of key_length bytes of the alphabet.
class key_maker {
public:
  explicit key_maker(std::string_view alphabet = printable) : alphabet_(alphabet) {
    for (const auto c : alphabet)
      is_allowed_[static_cast<unsigned char>(c)] = true;
  }

  [[nodiscard]] std::vector<std::string> colliding(std::size_t count) {
    std::size_t ways = 1;
    while (ways * ways * ways * ways < count)
      ++ways;
    std::array<std::vector<std::string>, key_stretches> stretches;
    auto state = seed ^ (key_length * factor);
    for (auto& each : stretches) {
      const auto goal = random_();
      while (each.size() < ways)
        add_way(each, state, goal);
      state = goal;
    }
    std::vector<std::string> out(count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t rest = i; const auto& each : stretches) {
        out[i] += each[rest % ways];
        rest /= ways;
      }
    return out;
  }

  [[nodiscard]] std::vector<std::string> random(std::size_t count) {
    std::vector<std::string> out(count);
    for (auto& each : out)
      while (each.size() < key_length)
        each += any_word();
    return out;
  }

private:
  using word = std::uint64_t;
  static constexpr word seed = 0xc70f6907U;
  static constexpr word factor = 0xc6a4a7935bd1e995U;
  static constexpr word inverse = 0x5f7a0ea7e59b19bdU; // of the factor, modulo 2^64

  static word shifted(word of) { return of ^ of >> 47U; } // twice is once not at all

  [[nodiscard]] std::string any_word() {
    std::string out(sizeof(word), ' ');
    for (auto& c : out)
      c = alphabet_[random_() % alphabet_.size()];
    return out;
  }

  /// Sixteen bytes from one state to the other, if those that come last are of the alphabet.
  void add_way(std::vector<std::string>& to, word from, word goal) {
    auto text = any_word();
    word first = 0;
    std::memcpy(&first, text.data(), sizeof first);
    const auto between = (from ^ shifted(first * factor) * factor) * factor;
    const auto last = shifted((goal * inverse ^ between) * inverse) * inverse;
    text.append(reinterpret_cast<const char*>(&last), sizeof last);
    if (std::ranges::all_of(text,
                            [&](char c) { return is_allowed_[static_cast<unsigned char>(c)]; }))
      to.push_back(std::move(text));
  }

  std::string_view alphabet_;
  std::array<bool, 256> is_allowed_{};
  std::mt19937_64 random_{20261122};
};

/// Seconds of this thread's processor time; the best of three, so that it counts alone.
template <class Work>
[[nodiscard]] double cost_of(Work&& work) {
  const auto now = [] {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
  };
  double best = 0;
  for (int round = 0; round < 3; ++round) {
    const auto began = now();
    work();
    const auto took = now() - began;
    best = round == 0 ? took : std::min(best, took);
  }
  return best;
}

/// {"<key>":1,...}
[[nodiscard]] inline std::string object_of(const std::vector<std::string>& keys) {
  std::string out = "{";
  for (const auto& each : keys)
    out += (out.size() > 1 ? ",\"" : "\"") + each + "\":1";
  return out + "}";
}

} // namespace headwater::testing
