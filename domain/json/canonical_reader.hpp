#pragma once

// Reads canonical JSON of a known shape, member by member, and accepts only the bytes that
// json_writer would write: what was read and written again has the same bytes. Pure.

#include "domain/core/digest.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace headwater {

/// Each function reads the next piece of the text. If the text has something else there, it returns
/// false, and so do all later calls.
class canonical_reader {
public:
  explicit canonical_reader(std::string_view text) : rest_(text) {}

  /// Exactly these bytes, such as `{"position":`.
  bool literal(std::string_view bytes) {
    // Inline, so that the bytes of a literal are compared and nothing is called.
    if (!good_ || rest_.size() < bytes.size() ||
        std::memcmp(rest_.data(), bytes.data(), bytes.size()) != 0)
      return fail();
    rest_.remove_prefix(bytes.size());
    return true;
  }
  /// Whether the next character is `c`; does not consume it.
  [[nodiscard]] bool next_is(char c) const { return rest_.starts_with(c); }
  /// An integer in 0 .. 2^53-1 without leading zeros.
  bool integer(std::uint64_t& out);
  bool string(std::string& out);
  /// 64 lower-case hexadecimal digits in quotes.
  bool digest_text(digest& out);
  /// One JSON value of any kind, as its text. Only finds where the value ends; does not check it.
  bool raw_value(std::string& out);
  /// The same, but as a view into the text being read.
  bool raw_view(std::string_view& out);
  /// Everything before the last occurrence of these bytes, which are not consumed.
  bool up_to_last(std::string_view bytes, std::string_view& out);
  /// True if every step succeeded and nothing is left to read.
  [[nodiscard]] bool finished() const { return good_ && rest_.empty(); }

private:
  bool fail();
  bool escape(std::string& out);
  [[nodiscard]] std::optional<std::size_t> string_end(std::size_t from) const;

  std::string_view rest_;
  bool good_ = true;
};

} // namespace headwater
