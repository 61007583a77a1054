#pragma once

// What became of a rule's text on its way into the stored form (normalise()), in words for the
// client that sent it. Pure.

#include "domain/json/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

struct passthrough_referrer;
struct referrer_mapping;

/// A domain or pattern that is stored otherwise than it was sent.
struct normalised_text {
  std::string_view field; ///< "referrer_pattern"
  std::string sent;       ///< cut if it is long
  std::string stored;
  std::string message; ///< "the path /@partner was cut off: ..."

  bool operator==(const normalised_text&) const = default;
};

/// Nothing if the stored rule has the text that was sent but for letter case and the blanks around
/// it.
[[nodiscard]] std::optional<normalised_text> normalisation_of(std::string_view sent,
                                                              const passthrough_referrer& stored);
[[nodiscard]] std::optional<normalised_text> normalisation_of(std::string_view sent,
                                                              const referrer_mapping& stored);

/// One row of an import.
struct normalised_row {
  std::size_t line = 0;
  normalised_text text;
};

/// The rows of an import whose text was normalised: all are counted, the first are told.
struct normalised_rows {
  std::vector<normalised_row> told; ///< at most max_told_faults
  std::int64_t count = 0;
};

/// Appends the members of one, without the braces.
void write_members(json_writer& out, const normalised_text& one);

} // namespace headwater::attribution
