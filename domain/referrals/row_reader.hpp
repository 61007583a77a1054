#pragma once

// Reads the body of a push straight from its bytes into rows: RapidJSON's SAX parser, iterative,
// in place in one copy of the body, without a document tree. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/referrals/referral_row.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace headwater::referrals {

enum class body_format : std::uint8_t { json_array = 1, ndjson };

/// The format of a body without a Content-Type: an array if its first byte after white space is
/// `[`, else NDJSON.
[[nodiscard]] body_format sniff_format(std::string_view body);

/// Reads all rows of a body, or says why not:
/// - errc::bad_request: not JSON, nothing there, trailing bytes, not an array, deeper than 32,
///   invalid UTF-8, a byte order mark. NDJSON without any line that is not blank counts as empty.
/// - errc::payload_too_large: a row after `max_events` begins. What follows it is not read.
/// - errc::validation_error: rows that break the schema, with the first 100 faults, each at
///   ["body", row] or ["body", row, field], rows counted from 0.
/// Unknown fields are ignored; a duplicate key or a number beyond a double's range is a fault in
/// them as well. An absent field is the same as null.
[[nodiscard]] result<row_batch> read_rows(std::string_view body, body_format format,
                                          std::size_t max_events = 10'000);

} // namespace headwater::referrals
