#pragma once

// Steps that several gates share. Private to http/gate.

#include "http/gate/gate.hpp"

namespace headwater::http {

/// Whether the account exists and the token may use it.
[[nodiscard]] awaitable<result<void>> enter_known_account(exchange& x, actors::token_ptr who,
                                                          std::string account_id);

/// The account that owns a connection; empty if there is no such connection.
[[nodiscard]] awaitable<result<std::string>> owner_of_connection(exchange& x,
                                                                 std::string connection_id);

} // namespace headwater::http
