#pragma once

// What a part of a regular expression says about the texts that it matches, as far as finite sets
// of literals can say it. Values of one reading of a pattern (regex_literals.cpp); any thread.
//
// Invariant: sound. Every text that the part matches starts with one of `starts_`, ends with one of
// `ends_` and contains one of `wanted_`; while `exact_`, it is one of `starts_`. The sets are small
// whatever the pattern, so that a step costs little.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace headwater::attribution {

/// Sorted, without duplicates; the empty literal says nothing.
using literal_set = std::vector<std::string>;

class required_literals {
public:
  /// Any text at all.
  [[nodiscard]] static required_literals nothing();
  /// Exactly this text; the empty one for what takes no room, such as an assertion.
  [[nodiscard]] static required_literals text(std::string literal);
  /// Exactly one of these texts, at least one.
  [[nodiscard]] static required_literals one_of(literal_set literals);

  /// This part and then `next`.
  void append(required_literals next);
  /// This part or `other`.
  void unite(required_literals other);
  /// This part `least` to `most` times; without `most` as often as it likes.
  void repeat(std::size_t least, std::optional<std::size_t> most);

  /// The set that filters best of all that were seen: long literals, then few. None of them is a
  /// part of another; at most 32, of 256 bytes together. Empty: nothing is required.
  [[nodiscard]] literal_set best() const;

private:
  explicit required_literals(literal_set exactly) : starts_(std::move(exactly)) {}
  void loosen();

  bool exact_ = true;
  literal_set starts_;
  literal_set ends_;   // while exact_ unused, and equal to starts_ in meaning
  literal_set wanted_; // the same; none is a part of another
};

} // namespace headwater::attribution
