#pragma once

// Rules and hosts for the resolver's benchmark: made of words as domains are, the same for the same
// seed. Eight of ten rules are exact, one a prefix, suffix or substring, one a regex.

#include "domain/rules/rules.hpp"

#include <random>
#include <string>
#include <vector>

namespace headwater::bench {

struct rule_mix {
  std::size_t rules = 0;
  double without_literal = 0; ///< share of all rules: regexes that demand no literal
};

class rule_maker {
public:
  explicit rule_maker(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] attribution::account_rules rules(const rule_mix& mix);

  /// Half of them match a rule of those that were made last, half most likely none.
  [[nodiscard]] std::vector<std::string> hosts(std::size_t count);

private:
  [[nodiscard]] std::size_t below(std::size_t end);
  [[nodiscard]] std::string word();
  [[nodiscard]] std::string brand();
  [[nodiscard]] std::string suffix();
  [[nodiscard]] std::string other_host();
  void make(std::size_t number, const rule_mix& mix, attribution::referrer_mapping& rule);

  std::mt19937_64 random_;
  std::vector<std::string> matching_; ///< one host for each rule
};

} // namespace headwater::bench
