#pragma once

// Who asks for a change: what the log records about it, and what distinguishes a retry from another
// request.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::http {

/// The part of an idempotency fingerprint before the body: the method, the canonical path (a retry
/// may use another spelling), and the query as sent.
[[nodiscard]] std::string request_line(const exchange& x);

/// What the log records about a change. `key` and the body make the idempotency fingerprint.
[[nodiscard]] actors::origin origin_of(const exchange& x, const actors::token_ptr& who,
                                       const std::optional<std::string>& key = std::nullopt,
                                       std::string_view body = {});

} // namespace headwater::http
