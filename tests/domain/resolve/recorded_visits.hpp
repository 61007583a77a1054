#pragma once

// Ten thousand visits and an account's rules, the same on every machine and for ever: what
// /resolve answered to them before sources and channels is in tests/golden/attribution. So nothing
// here may change, not even the order of the draws.

#include "domain/referrals/platforms/allow_list.hpp"
#include "domain/resolve/attribution.hpp"
#include "tests/domain/rules/account.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution::test {

/// SplitMix64: the standard library's distributions may differ between versions.
class fixed_random {
public:
  explicit fixed_random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }

  std::string_view pick(std::span<const std::string_view> from) { return from[below(from.size())]; }

private:
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31U);
  }

  std::uint64_t state_;
};

/// The rules of all kinds and match types, two of them inactive.
[[nodiscard]] account recorded_account();

/// A small list of AI platforms with hosts, paths, packages and names, which no update changes.
[[nodiscard]] const ai_platforms& recorded_platforms();

inline constexpr std::size_t recorded_visits = 10'000;

class visit_recorder {
public:
  [[nodiscard]] visit next();

private:
  std::string url();
  std::string query();
  std::string value();
  std::string referrer();
  std::string host();
  std::string dressed(std::string name);
  utm_values session();

  fixed_random random_{20'261'124};
};

} // namespace headwater::attribution::test
