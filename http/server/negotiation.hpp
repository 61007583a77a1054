#pragma once

// Accept as RFC 9110, 12.5.1 has it: media ranges with quality values. Pure, any thread.

#include <string_view>

namespace headwater::http {

/// What a client thinks of a media type, in thousandths: 0 is not acceptable, 1000 the default.
struct type_quality {
  int thousandths = 0;
  bool is_named = false; ///< by its own name, and not by a range such as text/* alone
};

/// By the most specific range that the type is in; 0 where none has it. `type` is "type/subtype" in
/// lower case. Parameters other than q do not count; a range whose q is malformed is passed over;
/// of equal ranges the highest counts.
[[nodiscard]] type_quality quality_of(std::string_view accept, std::string_view type);

/// Whether Accept-Encoding (RFC 9110, 12.5.3) takes gzip: by its name, or else by `*`.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

/// Whether an answer that may be JSON, the default, or CSV should be CSV: where CSV is acceptable
/// and liked more than JSON, or as much and called by its name.
[[nodiscard]] bool prefers_csv(std::string_view accept);

} // namespace headwater::http
