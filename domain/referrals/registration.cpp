#include "domain/referrals/registration.hpp"

namespace headwater::referrals {

result<connection_event> register_connection(const connection_request& request,
                                             std::int64_t brand_id, const std::string& new_id,
                                             const registration_state& known) {
  if (known.active_on_website)
    return error{errc::duplicate_entry, "An active connection for this website already exists: " +
                                            *known.active_on_website};
  const auto& before = known.with_same_provider;
  if (before && before->status == connection_status::disabled)
    return connection_event{connection_reactivated{before->identity}};
  return connection_event{
      connection_registered{{new_id, brand_id, request.website, request.provider, 0}}};
}

std::optional<connection_event> disable_connection(const connection& current) {
  if (current.status == connection_status::disabled)
    return std::nullopt;
  return connection_event{connection_disabled{current.identity}};
}

error connection_is_disabled() {
  return {errc::gone, "Connection is disabled; re-register before retrying."};
}

} // namespace headwater::referrals
