#pragma once

// Visits as clients send them. Pure; any thread.

#include "domain/attribution/resolver.hpp"
#include "domain/core/error.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace headwater::attribution {

inline constexpr std::size_t default_max_visits = 10'000;

/// The body of POST /resolve in JSON: one visit, or `{"visits":[...]}`. A bad visit of a batch is
/// an error in its place.
struct visit_batch {
  bool is_batch = false; ///< answer data.results; else there is exactly one visit
  std::vector<result<visit>> visits;
  std::vector<std::string> ignored_fields; ///< unknown ones of the body's object
};

/// errc::bad_request for what is not JSON; errc::validation_error where the body is no object, has
/// a key twice beside "visits", or "visits" is no array; errc::payload_too_large above
/// `max_visits`.
[[nodiscard]] result<visit_batch> parse_visits(std::string_view json,
                                               std::size_t max_visits = default_max_visits);

/// One line of NDJSON, or one visit. errc::validation_error, with faults, for JSON that is no
/// visit: not an object, no string `url`, a key twice, a session that is not null or an object of
/// strings and nulls. A referrer that is no string counts as none.
[[nodiscard]] result<visit> parse_visit(std::string_view json);

} // namespace headwater::attribution
