#pragma once

// What all actors that append events share: making events for the journal, and turning a failed
// append into the error that a client gets. Pure except for the random salt.

#include "actors/protocol/interfaces.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace headwater::actors {

/// Seals a payload under a fresh salt.
[[nodiscard]] store::new_event make_event(const origin& by, std::string type, int schema,
                                          std::string_view payload);

/// The same for a long payload, which `append_payload` writes; `about` is its approximate size.
[[nodiscard]] store::new_event make_event(const origin& by, std::string type, int schema,
                                          const std::function<void(std::string&)>& append_payload,
                                          std::size_t about);

/// The error for a request that passed its gate before the account was erased.
[[nodiscard]] error erased_meanwhile();

/// The error for a change that was on its way when the service stopped.
[[nodiscard]] error stopped_meanwhile();

/// The error that a client gets for a failed append; `outcome.status` must not be `appended`.
[[nodiscard]] error refusal(const store::append_outcome& outcome);

/// errc::idempotency_key_reused if the key was used for a different request.
[[nodiscard]] result<void> check_fingerprint(const store::idempotency& key, const digest& used_for);

/// Seconds since a message was sent.
[[nodiscard]] double seconds_since(steady_time sent);

} // namespace headwater::actors
