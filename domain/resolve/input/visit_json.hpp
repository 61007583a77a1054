#pragma once

// One visit as clients send it. Pure; any thread.

#include "domain/core/error.hpp"
#include "domain/resolve/attribution.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// A visit, and the members of its object that nobody reads: "referer", "session.source".
struct sent_visit : visit {
  std::vector<std::string> ignored_fields; ///< at most max_told_faults
};

/// One line of NDJSON, or one visit. errc::validation_error, with faults, for JSON that is no
/// visit: not an object, no string `url`, a key twice, a session that is not null or an object of
/// strings and nulls; with `strict` also for members that nobody reads. A referrer that is no
/// string counts as none.
[[nodiscard]] result<sent_visit> parse_visit(std::string_view json, bool strict = false);

/// The same without the short way of plain_visit.hpp, which it is the measure of.
[[nodiscard]] result<sent_visit> parse_visit_by_tokens(std::string_view json, bool strict = false);

} // namespace headwater::attribution
