#pragma once

// What a part of a regular expression says about the texts that it matches, as far as finite sets
// of literals can say it. Values used while one pattern is read (regex_literals.cpp); any thread.
//
// Invariant: sound. Every text that the part matches starts with one of `starts_`, ends with one of
// `ends_` and contains one of `wanted_`; while `exact_`, it is one of `starts_`. The sets stay
// small whatever the pattern, so each step is cheap.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace headwater::attribution {

/// Sorted, without duplicates. The empty literal says nothing.
using literal_set = std::vector<std::string>;

class required_literals {
public:
  /// Matches any text at all.
  [[nodiscard]] static required_literals nothing();
  /// Matches exactly this text; the empty one if the part consumes nothing, such as an assertion.
  [[nodiscard]] static required_literals text(std::string literal);
  /// Matches exactly one of these texts; at least one is given.
  [[nodiscard]] static required_literals one_of(literal_set literals);

  /// This part and then `next`.
  void append(required_literals next);
  /// This part or `other`.
  void unite(required_literals other);
  /// This part `least` to `most` times; without `most`, any number of times from `least` on.
  void repeat(std::size_t least, std::optional<std::size_t> most);

  /// Of all sets seen, the one that filters best: long literals first, then few. None is part of
  /// another; at most 32, with 256 bytes in all. Empty: nothing is required.
  [[nodiscard]] literal_set best() const;

private:
  explicit required_literals(literal_set exactly) : starts_(std::move(exactly)) {}
  void loosen();

  bool exact_ = true;
  literal_set starts_;
  literal_set ends_;   // unused while exact_: then equal to starts_
  literal_set wanted_; // likewise; none is part of another
};

} // namespace headwater::attribution
