#pragma once

// Splits an NDJSON body into lines as its pieces arrive, in bounded memory: a line that is too long
// is reported once and skipped. Pure; one per request.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace headwater::http {

class line_cutter {
public:
  explicit line_cutter(std::size_t limit) : limit_(limit) {}

  struct line {
    std::string_view text; ///< without its line end; valid until the next call
    bool too_long = false; ///< its text was dropped
  };

  /// Append the next piece of the body here.
  [[nodiscard]] std::string& input();
  /// The next complete line; blank lines are skipped.
  [[nodiscard]] std::optional<line> next();
  /// What follows the last line end, once the body is complete.
  [[nodiscard]] std::optional<line> last();

private:
  std::size_t limit_;
  std::string pending_;
  std::size_t at_ = 0;
  bool skipping_ = false; ///< inside a line already reported as too long
};

} // namespace headwater::http
