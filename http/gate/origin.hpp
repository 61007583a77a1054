#pragma once

// Whose change a request is: what the log notes of it, and what tells a retry from another request.

#include "actors/protocol/interfaces.hpp"
#include "http/server/exchange.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace headwater::http {

/// What an idempotency fingerprint has before the body: the method, the canonical path, which a
/// retry may spell otherwise, and the query as sent.
[[nodiscard]] std::string request_line(const exchange& x);

/// What the log notes of a change. `key` with the body makes the idempotency fingerprint.
[[nodiscard]] actors::origin origin_of(const exchange& x, const actors::token_ptr& who,
                                       const std::optional<std::string>& key = std::nullopt,
                                       std::string_view body = {});

} // namespace headwater::http
