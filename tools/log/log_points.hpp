#pragma once

// What `log replay` and `log diff` share: the account and the points in its past that the command
// line names.

#include "actors/views/asked_point.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <string>

namespace headwater::tools {

/// errc::not_found if neither the directory nor the log knows the account, errc::gone if it was
/// erased.
[[nodiscard]] result<void> check_account(const store::event_log& log,
                                         const store::table_store& tables,
                                         const std::string& account_id);

/// Reads a version or a time; the point after every event so far if the text is empty.
/// errc::validation_error.
[[nodiscard]] result<actors::asked_point> point_option(const std::string& flag,
                                                       const std::string& text);

/// A fault of a point as one sentence that begins with its flag.
[[nodiscard]] error without_field(error why);

} // namespace headwater::tools
