#pragma once

// One visit as clients send it. Pure; any thread.

#include "domain/core/error.hpp"
#include "domain/resolve/attribution.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace headwater::attribution {

/// A visit, and the unknown members of its object: "referer", "session.source".
struct sent_visit : visit {
  std::vector<std::string> ignored_fields; ///< at most max_told_faults
};

/// One line of NDJSON, or a single visit. errc::validation_error, with faults, for JSON that is not
/// a visit: not an object, `url` missing or not a string, a key twice, a session that is neither
/// null nor an object of strings and nulls; with `strict` also for unknown members. A referrer that
/// is not a string counts as none.
[[nodiscard]] result<sent_visit> parse_visit(std::string_view json, bool strict = false);

/// The same without the shortcut of plain_visit.hpp, which tests compare against it.
[[nodiscard]] result<sent_visit> parse_visit_by_tokens(std::string_view json, bool strict = false);

} // namespace headwater::attribution
