#pragma once

// What can be seen in the text of a regular expression: anchors, literals at its ends, dots that
// were probably meant literally. For the linter, which says nothing about patterns that this does
// not understand. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

struct regex_shape {
  /// False: the pattern contains something that is not understood here (options, names, references,
  /// quoting ...), so ignore everything below.
  bool understood = false;

  bool has_anchor = false; ///< an anchor, a word boundary or a look-around anywhere
  bool from_start = false; ///< every match begins where the host does
  bool to_end = false;     ///< every match ends where the host does
  /// Only literals, dots, classes, groups, alternatives and backtracking quantifiers between the
  /// anchors. A match within a text is then also a match within a longer text, if the text grows at
  /// a side without an anchor.
  bool plain = false;

  std::string head; ///< with from_start: what every match begins with, in lower case
  std::string tail; ///< with to_end: what every match ends with, in lower case
  /// Set if the pattern is just this text, in lower case, with or without anchors.
  std::optional<std::string> text;

  /// Offsets of unescaped dots between letters, digits or groups: "google.com".
  std::vector<std::size_t> loose_dots;
};

/// `pattern` is one that regex::compile accepts.
[[nodiscard]] regex_shape shape_of(std::string_view pattern);

/// The pattern with a backslash inserted before each of the offsets.
[[nodiscard]] std::string with_escapes(std::string_view pattern,
                                       const std::vector<std::size_t>& offsets);

} // namespace headwater::attribution
