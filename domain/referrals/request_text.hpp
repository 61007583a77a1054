#pragma once

// What the AI-referrals API says of bodies that are no JSON. Pure, any thread.

#include "domain/core/error.hpp"
#include "domain/json/json_pass.hpp"

#include <string_view>

namespace headwater::referrals {

/// errc::bad_request for a body of nothing but JSON's white space.
[[nodiscard]] result<void> not_blank(std::string_view body);

/// errc::bad_request: "Request body is not valid JSON at byte 17: Invalid value."
[[nodiscard]] error not_json(const json_fault& fault);

} // namespace headwater::referrals
