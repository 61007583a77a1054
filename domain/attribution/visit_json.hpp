#pragma once

// One visit as clients send it. Pure; any thread.

#include "domain/attribution/attribution.hpp"
#include "domain/core/error.hpp"

#include <string_view>

namespace headwater::attribution {

/// One line of NDJSON, or one visit. errc::validation_error, with faults, for JSON that is no
/// visit: not an object, no string `url`, a key twice, a session that is not null or an object of
/// strings and nulls. A referrer that is no string counts as none.
[[nodiscard]] result<visit> parse_visit(std::string_view json);

/// The same without the short way of plain_visit.hpp, which it is the measure of.
[[nodiscard]] result<visit> parse_visit_by_tokens(std::string_view json);

} // namespace headwater::attribution
