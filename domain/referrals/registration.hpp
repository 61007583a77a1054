#pragma once

// Decides what registering or disabling a connection does. Pure, any thread.

#include "domain/referrals/connection_event.hpp"

#include <optional>
#include <string>

namespace headwater::referrals {

/// What the indexes say about a registration, read in one consistent view.
struct registration_state {
  std::optional<std::string> active_on_website; ///< id of the brand's active connection there
  std::optional<connection> with_same_provider; ///< registered before, active or disabled
};

/// Registers `request` as `new_id`, or reactivates the disabled connection of the same website and
/// provider. errc::duplicate_entry while any connection of the brand is active on that website.
[[nodiscard]] result<connection_event> register_connection(const connection_request& request,
                                                           std::int64_t brand_id,
                                                           const std::string& new_id,
                                                           const registration_state& known);

/// The event that disables a connection, or nothing if it is already disabled.
[[nodiscard]] std::optional<connection_event> disable_connection(const connection& current);

/// The 410 answer to a push to a disabled connection.
[[nodiscard]] error connection_is_disabled();

} // namespace headwater::referrals
