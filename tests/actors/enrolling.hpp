#pragma once

// Connections of acme's brand, as a client would make and disable them.

#include "fixture.hpp"

namespace headwater::actors::testing {

inline connection_reply
enrol(fixture& f, const std::string& website, std::optional<store::idempotency> key = {},
      referrals::provider provider = referrals::provider::google_analytics) {
  connection_request request;
  request.by = {{"1", "request"}, std::move(key)};
  request.command = register_connection{brand, "acme", {website, provider}};
  return f.ask<connection_reply>(f.running->connections(), std::move(request));
}

inline connection_ptr enrolled(fixture& f, const std::string& website) {
  return std::make_shared<const referrals::connection>(enrol(f, website).value().connection);
}

inline connection_reply disable(fixture& f, connection_ptr connection) {
  connection_request request;
  request.by = {{"1", "request"}, {}};
  request.command = disable_connection{std::move(connection)};
  return f.ask<connection_reply>(f.running->connections(), std::move(request));
}

} // namespace headwater::actors::testing
