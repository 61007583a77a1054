#pragma once

// What `log replay` and `log diff` share: the account, and the points of its past, that the command
// line names.

#include "actors/views/asked_point.hpp"
#include "store/log/event_log.hpp"
#include "store/tables/table_store.hpp"

#include <string>

namespace headwater::tools {

/// errc::not_found where neither the directory nor the log knows the account, errc::gone where it
/// was erased.
[[nodiscard]] result<void> check_account(const store::event_log& log,
                                         const store::table_store& tables,
                                         const std::string& account_id);

/// A version or a time; every event so far where the text is empty. errc::validation_error.
[[nodiscard]] result<actors::asked_point> point_option(const std::string& flag,
                                                       const std::string& text);

/// A fault of a point as one sentence that begins with its flag.
[[nodiscard]] error without_field(error why);

} // namespace headwater::tools
