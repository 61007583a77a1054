#pragma once

// The AI-referrals API's errors for bodies that are not JSON. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/json/json_pass.hpp"

#include <string_view>

namespace headwater::referrals {

/// errc::bad_request for a body that has only JSON white space.
[[nodiscard]] result<void> not_blank(std::string_view body);

/// errc::bad_request: "Request body is not valid JSON at byte 17: Invalid value."
[[nodiscard]] error not_json(const json_fault& fault);

} // namespace headwater::referrals
