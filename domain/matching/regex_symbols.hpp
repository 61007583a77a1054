#pragma once

// The characters and escapes of a regular expression, read as PCRE2 10.42 does with the options of
// regex::compile. Lives for one pass over one pattern; any thread.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headwater::attribution {

/// What one character or escape of a pattern stands for.
struct symbol {
  enum class kind : std::uint8_t {
    character = 1, ///< `value`, in either case
    unknown,       ///< any text
    zero_width,    ///< an assertion
  };
  kind what = kind::unknown;
  char value = 0; ///< ASCII, as written

  static symbol of(std::uint32_t code);
};

/// The position in a pattern that is being read. If the rest of the pattern might mean something
/// other than what it says, the cursor gives up: the rest is dropped, so that every loop over it
/// ends, and the result is void.
class pattern_cursor {
public:
  explicit pattern_cursor(std::string_view pattern) : rest_(pattern) {}

  void give_up();
  [[nodiscard]] bool gave_up() const { return gave_up_; }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool at(char c) const { return rest_.starts_with(c); }
  [[nodiscard]] bool at_one_of(std::string_view set) const;
  [[nodiscard]] bool at_digit(int base) const;
  /// Whether a hyphen here continues the previous class member to a range.
  [[nodiscard]] bool at_range() const;

  /// Takes the character if it comes next.
  bool take(char c);
  /// Gives up if the character does not come next.
  void require(char c);
  /// Takes the next character; gives up at the end.
  char next();

  /// The longest run of ASCII characters that stand for themselves and have no quantifier; takes
  /// it.
  [[nodiscard]] std::string_view take_run();
  /// What `first`, already taken, stands for as a plain character; takes the remaining bytes of a
  /// non-ASCII one.
  [[nodiscard]] symbol plain(char first);
  /// What an escape stands for, after its backslash.
  [[nodiscard]] symbol escape();
  /// One member of a class, or one end of a range.
  [[nodiscard]] symbol class_member();
  /// At least one digit and at most `most_digits`.
  [[nodiscard]] std::uint32_t number(int base, std::size_t most_digits);
  /// Letters, digits and underscores up to `end`, which is taken, too.
  void name(char end);

private:
  [[nodiscard]] symbol numbered(char kind);

  std::string_view rest_;
  bool gave_up_ = false;
};

} // namespace headwater::attribution
