#pragma once

// The days of an export in the forms that tools write them. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::analytics_files {

/// Reads days. Without a pattern: 20260131 (GA4), 2026-01-31, "January 31, 2026" and "Jan 31, 2026"
/// (Adobe). Days with slashes need a pattern, because 01/02/2026 has two meanings.
class date_reader {
public:
  date_reader();

  /// A pattern such as "%d/%m/%Y": %Y is four digits, %m and %d one or two, %b or %B an English
  /// month or its first three letters, %% a percent sign; anything else stands for itself.
  /// errc::bad_request unless it has year, month and day exactly once.
  [[nodiscard]] static result<date_reader> of(const std::string& pattern);

  /// White space around the text does not count.
  [[nodiscard]] std::optional<day_number> read(std::string_view text) const;

  /// Why the text is not a day, for a person.
  [[nodiscard]] std::string no_day(std::string_view text) const;

private:
  std::vector<std::string> patterns_;
  bool is_told_ = false;
};

} // namespace headwater::analytics_files
