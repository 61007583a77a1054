#pragma once

// What every actor that writes has in common: making events ready for the journal, and saying in a
// client's words what became of them. Pure but for the salt.

#include "actors/protocol/interfaces.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace headwater::actors {

/// Seals a payload under a fresh salt.
[[nodiscard]] store::new_event make_event(const origin& by, std::string type, int schema,
                                          std::string_view payload);

/// The same for a long payload, which `append_payload` appends; `about` is its size.
[[nodiscard]] store::new_event make_event(const origin& by, std::string type, int schema,
                                          const std::function<void(std::string&)>& append_payload,
                                          std::size_t about);

/// What is told to whoever was let in before the account was erased.
[[nodiscard]] error erased_meanwhile();

/// What a client is told of an append that did not succeed; `outcome.status` is not `appended`.
[[nodiscard]] error refusal(const store::append_outcome& outcome);

/// errc::idempotency_key_reused if the key was used for another request.
[[nodiscard]] result<void> check_fingerprint(const store::idempotency& key, const digest& used_for);

/// Seconds since a message was sent.
[[nodiscard]] double seconds_since(steady_time sent);

} // namespace headwater::actors
