#pragma once

// Cuts the lines of an NDJSON body out of the pieces in which it arrives, in bounded memory: a line
// that is too long is reported once and skipped. Pure; one per request.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::http {

class line_cutter {
public:
  explicit line_cutter(std::size_t limit) : limit_(limit) {}

  struct line {
    std::string_view text; ///< without its line end; valid until the next call of anything
    bool too_long = false; ///< its text was dropped
  };

  /// Where the next piece of the body is appended.
  [[nodiscard]] std::string& input();
  /// The next complete line; those of JSON's blanks alone are left out.
  [[nodiscard]] std::optional<line> next();
  /// What is left behind the last line end, once the body is complete.
  [[nodiscard]] std::optional<line> last();

private:
  std::size_t limit_;
  std::string pending_;
  std::size_t at_ = 0;
  bool skipping_ = false; ///< inside a line that was reported as too long
};

} // namespace headwater::http
