#pragma once

// Accept as in RFC 9110, 12.5.1: media ranges with quality values. Pure, any thread.

#include <string_view>

namespace headwater::http {

/// How much a client wants a media type, in thousandths: 0 is not acceptable, 1000 the default.
struct type_quality {
  int thousandths = 0;
  bool is_named = false; ///< by its own name, not just by a range such as text/*
};

/// Determined by the most specific range that contains the type; 0 if none does. `type` is
/// "type/subtype" in lower case. Parameters other than q are ignored; a range with a malformed q is
/// skipped; among equal ranges the highest q counts.
[[nodiscard]] type_quality quality_of(std::string_view accept, std::string_view type);

/// How much Accept-Encoding (RFC 9110, 12.5.3) wants a coding, in thousandths: by its name in lower
/// case, or else by `*`. 0 is not acceptable. For gzip, `x-gzip` is the same name.
[[nodiscard]] int quality_of_coding(std::string_view accept_encoding, std::string_view coding);

/// Whether an answer available as JSON, the default, and CSV should be CSV: if CSV is acceptable
/// and preferred to JSON, or equally preferred and named explicitly.
[[nodiscard]] bool prefers_csv(std::string_view accept);

} // namespace headwater::http
